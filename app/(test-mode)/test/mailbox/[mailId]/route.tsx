import { mailPage } from '@/app/(test-mode)/test/mailbox/_components/find-mail.ts';
import { drawMailbox, mailboxWords } from '@/app/(test-mode)/test/mailbox/_components/mailbox-page.tsx';
import { type Fact, Facts } from '@/components/ui/facts.tsx';
import { Link } from '@/components/ui/link.tsx';
import { Section } from '@/components/ui/section.tsx';

/** One mail: its head, its text, and the ways to its HTML and its attachment. */
export const GET = mailPage((mail, request) => {
  const words = mailboxWords(request);
  const { t } = words;
  const here = `/test/mailbox/${mail.mailId}`;
  const plain = (term: string, value: string | null): Fact | null =>
    value === null ? null : { term, value: <bdi className="[overflow-wrap:anywhere]">{value}</bdi> };
  const facts = [
    plain(t('mailbox.from'), mail.sender),
    plain(t('mailbox.to'), mail.recipient),
    plain(t('mailbox.answersTo'), mail.replyTo),
    plain(
      t('mailbox.arrived'),
      t('mailbox.arrivedAt', {
        date: words.date(mail.arrivedAt),
        time: words.time(mail.arrivedAt),
        zone: words.zoneShort(mail.arrivedAt),
      }),
    ),
    {
      term: t('mailbox.attachment'),
      value: (
        <span className="[overflow-wrap:anywhere]">
          <Link href={`${here}/attachment`}>{mail.attachment.name}</Link>
        </span>
      ),
    },
  ].filter((fact) => fact !== null);
  return drawMailbox(words, {
    title: mail.subject,
    up: { href: '/test/mailbox', text: t('mailbox.all') },
    here,
    body: (
      <>
        <Section id="facts" title={t('mailbox.facts')}>
          <Facts facts={facts} />
        </Section>
        <Section id="text" title={t('mailbox.text')}>
          <pre className="m-0 font-mono text-sm whitespace-pre-wrap [overflow-wrap:anywhere]">{mail.text}</pre>
        </Section>
        <Section id="html" title={t('mailbox.html')}>
          <p>
            <Link href={`${here}/html`}>{t('mailbox.openHtml')}</Link>
          </p>
          <p className="text-sm text-quiet">{t('mailbox.htmlHint')}</p>
        </Section>
      </>
    ),
  });
});
