import { findCustomer } from '@/lib/data/customers.ts';
import { withStanding } from '@/lib/data/invoice-standings.ts';
import { findMerchantReceipt } from '@/lib/data/receipts.ts';
import { listRefunds } from '@/lib/data/refunds.ts';
import { findMerchantInvoice } from '@/lib/data/workspace-invoices.ts';
import { findLogo, findWorkspace } from '@/lib/data/workspaces.ts';
import { renderInvoicePdf } from '@/lib/documents/invoice-pdf.ts';
import type { Paper } from '@/lib/documents/paper.ts';
import { invoicePaper, receiptPaper } from '@/lib/documents/paper.ts';
import type { RollWidth } from '@/lib/documents/paper-escpos.ts';
import { paperEscpos } from '@/lib/documents/paper-escpos.ts';
import { paperHtml, paperStyles } from '@/lib/documents/paper-html.ts';
import { renderReceiptPdf } from '@/lib/documents/receipt-pdf.ts';
import { renderInTurn } from '@/lib/documents/render-in-turn.ts';
import type { Customer } from '@/lib/domain/customer.ts';
import type { InvoiceId, ReceiptId } from '@/lib/domain/ids.ts';
import type { Result } from '@/lib/domain/result.ts';
import { fail, succeed } from '@/lib/domain/result.ts';
import type { WorkspaceScope } from '@/lib/domain/viewer.ts';
import type { Workspace } from '@/lib/domain/workspace.ts';
import { invoiceStatusWords } from '@/lib/i18n/invoice-status.ts';
import { documentLocale } from '@/lib/i18n/locale.ts';
import type { Words } from '@/lib/i18n/words.ts';
import { makeWords } from '@/lib/i18n/words.ts';
import type { Runtime } from '@/lib/runtime.ts';

/** What a document is made as. The language falls to the customer's own, then the workspace's, then English. */
export type DocumentWish = {
  readonly form: 'pdf' | 'html' | 'escpos';
  readonly width: RollWidth;
  readonly locale: 'en' | 'id' | null;
};

/** A made document: its bytes, a name without an ending, and the styles of its page, to be allowed by their hash. */
export type MadeDocument = {
  readonly form: DocumentWish['form'];
  readonly bytes: Uint8Array;
  readonly name: string;
  readonly styles: string | null;
};

/** An invoice in any status, drafts too, as its merchant may print it. */
export async function makeInvoiceDocument(
  on: Runtime,
  scope: WorkspaceScope,
  id: InvoiceId,
  wish: DocumentWish,
): Promise<Result<MadeDocument, 'not_found'>> {
  const found = await findMerchantInvoice(on.read, scope, id, on.now());
  const workspace = await findWorkspace(on.read, scope);
  if (found === null || workspace === null) return fail('not_found', 'There is no such invoice.');
  const { invoice, lines, billing } = found;
  const { brand } = workspace;
  const words = wordsFor(wish, await findCustomer(on.read, invoice), workspace);
  const [standing] = await withStanding(on.read, invoice, [invoice]);
  const status = standing === undefined ? '' : invoiceStatusWords(words, brand.name, standing, billing).word;
  const document = { words, invoice, lines, status, brand };
  return succeed(
    await make(
      wish,
      `invoice-${invoice.number}`,
      async () => renderInvoicePdf({ ...document, logo: await readLogo(on, workspace) }),
      () => invoicePaper(document),
    ),
  );
}

/** A receipt: the frozen sale, and what was given back since. */
export async function makeReceiptDocument(
  on: Runtime,
  scope: WorkspaceScope,
  id: ReceiptId,
  wish: DocumentWish,
): Promise<Result<MadeDocument, 'not_found'>> {
  const receipt = await findMerchantReceipt(on.read, scope, { id });
  const workspace = await findWorkspace(on.read, scope);
  if (receipt === null || workspace === null) return fail('not_found', 'There is no such receipt.');
  const words = wordsFor(wish, await findCustomer(on.read, receipt), workspace);
  const refunds =
    receipt.sourceType === 'invoice' ? await listRefunds(on.read, receipt, [receipt.sourceId as InvoiceId]) : [];
  const document = { words, receipt, refunds };
  const { accentColor: accentColour } = workspace.brand;
  return succeed(
    await make(
      wish,
      `receipt-${receipt.number}`,
      async () => renderReceiptPdf({ ...document, accentColour, logo: await readLogo(on, workspace) }),
      () => receiptPaper(document),
    ),
  );
}

async function make(
  { form, width }: DocumentWish,
  name: string,
  pdf: () => Promise<Uint8Array>,
  paper: () => Paper,
): Promise<MadeDocument> {
  if (form === 'pdf') return { form, name, bytes: await renderInTurn(pdf), styles: null };
  if (form === 'escpos') return { form, name, bytes: paperEscpos(paper(), width), styles: null };
  return { form, name, bytes: new TextEncoder().encode(paperHtml(paper())), styles: paperStyles };
}

function wordsFor({ locale }: DocumentWish, customer: Customer | null, { configuration }: Workspace): Words {
  const own = locale ?? documentLocale(customer?.metadata?.locale, configuration.defaultLocale);
  return makeWords(own, configuration.timeZone);
}

async function readLogo({ read }: Runtime, { brand }: Workspace): Promise<Uint8Array | null> {
  const hash = brand.logoPath?.split('/').at(-1);
  return hash === undefined ? null : ((await findLogo(read, hash))?.bytes ?? null);
}
