import { mailPage } from '@/app/(test-mode)/test/mailbox/_components/find-mail.ts';
import { answerFile } from '@/lib/html/answer.ts';

/** What a mail brings, to keep. */
export const GET = mailPage(({ attachment }) => answerFile(attachment.bytes, attachment.type, attachment.name));
