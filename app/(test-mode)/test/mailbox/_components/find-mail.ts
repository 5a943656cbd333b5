import { sampleScope } from '@/app/(test-mode)/test/_sample/sample-workspace.ts';
import { testPage } from '@/app/(test-mode)/test/_tools/test-tools.ts';
import type { MailboxMail } from '@/lib/data/mailbox.ts';
import { findMailboxMail } from '@/lib/data/mailbox.ts';
import { readId } from '@/lib/domain/ids.ts';
import { answerEmpty } from '@/lib/html/answer.ts';

/** An address under `/test/mailbox/<id>`: answers for that mail of the sample shop, else 404. */
export function mailPage(answer: (mail: MailboxMail, request: Request) => Response) {
  return testPage(async (on, request) => {
    const id = readId<'mail'>(new URL(request.url).pathname.split('/')[3]);
    const mail = id === null ? null : await findMailboxMail(on.read, sampleScope, id);
    return mail === null ? answerEmpty(404) : answer(mail, request);
  });
}
