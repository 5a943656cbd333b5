import type { Page } from '@/app/(portal)/_page/draw.tsx';
import { loadSection } from '@/app/(portal)/_page/load-section.ts';
import { ButtonLink } from '@/components/ui/button.tsx';
import { Chip } from '@/components/ui/chip.tsx';
import { withStanding } from '@/lib/data/invoice-standings.ts';
import { amountDue, type Invoice } from '@/lib/domain/invoice.ts';
import { type InvoiceStanding, isPayable } from '@/lib/domain/invoice-standing.ts';
import { invoiceStatusWords } from '@/lib/i18n/invoice-status.ts';

/** Under the heading: how the invoice stands, what is due or was paid, and the way to pay it. */
export async function InvoiceLead({ page, invoice }: { page: Page; invoice: Invoice }) {
  const { words, viewer, workspace } = page;
  const { t } = words;
  const money = (amount: number) => words.money({ amount, currency: invoice.currency });
  const loaded = await loadSection(page, () => withStanding(page.on.read, viewer, [invoice]));
  const known = loaded.ok ? loaded.value[0] : undefined;
  // Without its attempts and refunds an invoice still says what its own row says; nothing is offered on half a view.
  const standing = known ?? alone(invoice);
  const said = invoiceStatusWords(words, workspace.brand.name, standing, viewer.now);
  const due = amountDue(invoice);
  const isOverdue = said.tone === 'red' && invoice.dueAt !== null;
  const line = isOverdue ? t('invoices.overdueSince', { date: words.date(invoice.dueAt ?? 0) }) : said.line;
  const refunded =
    standing.refunded > 0
      ? t('invoices.refundedOf', { refunded: money(standing.refunded), amount: money(invoice.total) })
      : null;
  return (
    <div className="mt-2 space-y-3">
      <p className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <Chip tone={said.tone}>{said.word}</Chip>
        <span>{refunded ?? line}</span>
      </p>
      {due > 0 ? <p className="num text-2xl font-bold">{t('invoices.toPay', { amount: money(due) })}</p> : null}
      {invoice.status === 'paid' ? (
        <p className="num text-2xl font-bold">{t('invoices.paidAmount', { amount: money(invoice.amountPaid) })}</p>
      ) : null}
      {known !== undefined && isPayable(standing, workspace.configuration.invoices, viewer.now) ? (
        <p>
          <ButtonLink look="main" href={`/invoices/${invoice.id}/pay`}>
            {t('invoices.payAmount', { amount: money(due) })}
          </ButtonLink>
        </p>
      ) : null}
      {due > 0 && !workspace.configuration.invoices.pay ? (
        <p>{t('invoices.merchantCollects', { merchant: workspace.brand.name })}</p>
      ) : null}
    </div>
  );
}

function alone(invoice: Invoice): InvoiceStanding {
  return { invoice, firstLine: null, lineCount: 0, waiting: null, paidBy: null, refunded: 0, receipt: null };
}
