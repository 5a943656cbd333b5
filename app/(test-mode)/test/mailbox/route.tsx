import { sampleName, sampleScope } from '@/app/(test-mode)/test/_sample/sample-workspace.ts';
import { testPage } from '@/app/(test-mode)/test/_tools/test-tools.ts';
import { Link } from '@/components/ui/link.tsx';
import { Section } from '@/components/ui/section.tsx';
import { listMailboxMails } from '@/lib/data/mailbox.ts';
import { drawMailbox, mailboxWords } from './_components/mailbox-page.tsx';

/** Mails the list shows: those of a day's testing. */
const most = 100;

/** The mailbox of the sample shop's test mode, for a merchant's developer. */
export const GET = testPage(async (on, request) => {
  const words = mailboxWords(request);
  const { t } = words;
  const mails = await listMailboxMails(on.read, sampleScope, most);
  return drawMailbox(words, {
    title: t('mailbox.title'),
    up: { href: '/test', text: t('mailbox.back') },
    here: '/test/mailbox',
    body: (
      <>
        <p className="mt-2">{t('mailbox.about', { shop: sampleName })}</p>
        <Section id="mails" title={t('mailbox.mails')}>
          {mails.length === 0 ? <p className="text-quiet">{t('mailbox.nothing')}</p> : null}
          <ul className="m-0 grid list-none gap-3 p-0">
            {mails.map(({ mailId, recipient, subject, arrivedAt }) => (
              <li key={mailId} className="rounded-corner border border-line bg-card px-4 py-3 [overflow-wrap:anywhere]">
                <Link href={`/test/mailbox/${mailId}`}>
                  <bdi>{subject}</bdi>
                </Link>
                <p className="text-sm text-quiet">
                  {t('mailbox.mailTo', {
                    email: recipient,
                    date: words.date(arrivedAt),
                    time: words.time(arrivedAt),
                  })}
                </p>
              </li>
            ))}
          </ul>
        </Section>
      </>
    ),
  });
});
