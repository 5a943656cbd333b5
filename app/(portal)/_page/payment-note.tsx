import type { ReactNode } from 'react';
import { BackLink } from '@/components/portal/back-link.tsx';
import { ButtonLink } from '@/components/ui/button.tsx';
import { Link } from '@/components/ui/link.tsx';
import { Notice } from '@/components/ui/notice.tsx';
import { listReceiptsOfInvoices } from '@/lib/data/receipts.ts';
import { readId } from '@/lib/domain/ids.ts';
import type { Invoice } from '@/lib/domain/invoice.ts';
import { openRedirect } from '@/lib/session/provider-return.ts';
import type { Page } from './draw.tsx';
import { FlowMessage } from './flow-done.tsx';
import { findJourney, type Journey } from './follow-visit.ts';

/** The payment named by `?payment=`, if it is one of this invoice. */
export async function findNamedPayment(page: Page, invoice: Invoice): Promise<Journey | null> {
  const id = readId<'providerVisit'>(page.query.get('payment'));
  const journey = id === null ? null : await findJourney(page.on, page.viewer, id);
  return journey !== null && journey.visit.invoiceId === invoice.id ? journey : null;
}

/** The result note of a payment, on the invoice's own page and on the page where it is paid; null when none is named. */
export async function paymentNote(page: Page, invoice: Invoice): Promise<ReactNode> {
  const journey = await findNamedPayment(page, invoice);
  return journey === null ? null : noteOf(page, invoice, journey);
}

async function noteOf(page: Page, invoice: Invoice, { visit, payment }: Journey): Promise<ReactNode> {
  const { t, date } = page.words;
  const attempt = payment?.attempt ?? null;
  if (attempt === null) {
    if (visit.status === 'left') return note('neutral', <p>{t('pay.left')}</p>);
    const goOn = openRedirect(page.on, visit);
    const provider = page.on.providers.byAdapter(visit.adapter)?.capabilities.name ?? visit.adapter;
    if (visit.status !== 'open') return note('amber', <UnknownYet page={page} id={visit.id} />);
    return note(
      'neutral',
      <>
        <p>{t('paymentMethods.stillOpen', { provider })}</p>
        {goOn === null ? null : <ButtonLink href={goOn}>{t('paymentMethods.goOn', { provider })}</ButtonLink>}
      </>,
    );
  }
  const amount = page.words.money({ amount: attempt.amount, currency: invoice.currency });
  const method = page.words.method(attempt.methodName);
  switch (attempt.status) {
    case 'succeeded': {
      const [receipt] = await listReceiptsOfInvoices(page.on.read, page.viewer, [invoice.id]);
      const isPdfOffered = page.workspace.configuration.receipts.pdf && receipt !== undefined;
      return note(
        'green',
        <>
          <p>{t('pay.paid', { amount, method })}</p>
          {isPdfOffered ? <Link href={`/receipts/${receipt.id}/pdf`}>{t('pay.receiptPdf')}</Link> : null}
          <FlowMessage page={page} />
          <BackLink words={page.words} back={page.back} />
        </>,
      );
    }
    case 'needs_confirmation': {
      const confirm = payment === null ? null : openRedirect(page.on, payment.visit);
      return note(
        'amber',
        <>
          <p>{t('pay.mustConfirm', { amount })}</p>
          {confirm === null ? null : (
            <p className="mt-2">
              <ButtonLink href={confirm} look="main">
                {t('pay.confirm')}
              </ButtonLink>
            </p>
          )}
        </>,
      );
    }
    case 'refused': {
      const reason = page.words.reason(attempt.reason, attempt.methodName);
      return note('red', <p>{t('pay.refused', { amount, reason })}</p>);
    }
    case 'expired':
      return note(
        'amber',
        <>
          <p>{t('pay.ranOut', { date: date(attempt.payBefore ?? attempt.finishedAt ?? page.viewer.now) })}</p>
          <Link href={`/invoices/${invoice.id}/pay`}>{t('pay.newCode')}</Link>
        </>,
      );
    case 'pending':
      return note('amber', <UnknownYet page={page} id={visit.id} />);
  }
}

function UnknownYet({ page, id }: { page: Page; id: string }) {
  const { t } = page.words;
  return (
    <>
      <p>{t('pay.unknown')}</p>
      <Link href={`/waiting/${id}`}>{t('pay.checkAgain')}</Link>
    </>
  );
}

function note(tone: 'green' | 'amber' | 'red' | 'neutral', children: ReactNode): ReactNode {
  return (
    <Notice tone={tone} result>
      {children}
    </Notice>
  );
}
