import { mailPage } from '@/app/(test-mode)/test/mailbox/_components/find-mail.ts';
import { answerSandboxed } from '@/lib/html/answer.ts';

/** The HTML of a mail as it would be read: it loads nothing and runs nothing. */
export const GET = mailPage((mail) => answerSandboxed(mail.html));
