import { fingerprintHash } from '@/lib/crypto/provider-reference.ts';
import { sealText } from '@/lib/crypto/sealed-box.ts';
import { deriveKey, keyedHash, newestKeyNumber } from '@/lib/crypto/secret.ts';
import { appendAudit } from '@/lib/data/audit-lines.ts';
import type { BillingTable } from '@/lib/data/billing-rows.ts';
import {
  attemptRow,
  customerRow,
  findAttemptRow,
  findBillingRow,
  findPayingAttempt,
  findReceiptRowOf,
  insertAttemptRow,
  invoiceRow,
  lineRow,
  listLineRows,
  paymentMethodRow,
  planRow,
  priceRow,
  refundRow,
  replaceLines,
  settleAttemptRow,
  subscriptionRow,
  sumRefunds,
  updateBillingRow,
} from '@/lib/data/billing-rows.ts';
import type { Writer } from '@/lib/data/db.ts';
import { isUniqueViolation } from '@/lib/data/db.ts';
import { toInvoice } from '@/lib/data/invoices.ts';
import { issueReceipt } from '@/lib/data/issue-receipt.ts';
import { raiseNumber } from '@/lib/data/number-sequences.ts';
import { storeBillingRow } from '@/lib/data/store-billing-row.ts';
import type { Tables } from '@/lib/data/tables.ts';
import { findWorkspace } from '@/lib/data/workspaces.ts';
import { billedToOf as madeOutTo } from '@/lib/domain/billed-to.ts';
import type {
  AttemptRecord,
  BillingRecord,
  CustomerRecord,
  InvoiceRecord,
  PaymentMethodRecord,
  PlanRecord,
  PriceRecord,
  ReceiptRecord,
  RecordProblem,
  RefundRecord,
  SubscriptionRecord,
} from '@/lib/domain/billing-record.ts';
import { checkBillingRecord } from '@/lib/domain/check-billing-record.ts';
import type { BilledTo, MethodName } from '@/lib/domain/invoice.ts';
import { readInvoiceNumber } from '@/lib/domain/invoice-number.ts';
import { readReceiptNumber, receiptBody } from '@/lib/domain/issue-receipt.ts';
import type { Failure } from '@/lib/domain/result.ts';
import { fail, succeed } from '@/lib/domain/result.ts';
import { changedColumns, isOlder, pickColumns } from '@/lib/domain/row-changes.ts';
import type { Instant } from '@/lib/domain/time.ts';
import type { WorkspaceScope } from '@/lib/domain/viewer.ts';
import type { Workspace } from '@/lib/domain/workspace.ts';
import type { Runtime } from '@/lib/runtime.ts';

/** A line as it comes from the door: a record, or what was wrong with its shape. */
export type ImportLine =
  | { readonly line: number; readonly ok: true; readonly record: BillingRecord }
  | { readonly line: number; readonly ok: false; readonly problems: readonly RecordProblem[] };

export type LineProblem = RecordProblem & { readonly line: number };

export type ImportReport = {
  readonly lines: number;
  readonly inserted: number;
  readonly updated: number;
  readonly unchanged: number;
  /** Lines that are older than the row they tell of, and changed nothing. */
  readonly olderLines: readonly number[];
  readonly receiptsIssued: number;
};

export type ImportResult =
  | { readonly ok: true; readonly value: ImportReport }
  | {
      readonly ok: false;
      readonly failure: Failure<'validation_error' | 'not_found'>;
      readonly problems: readonly LineProblem[];
    };

/** So many problems are told of one file; reading stops there. */
export const mostProblems = 20;

/**
 * Takes a merchant's billing data in: one transaction for all lines, so that a bad one keeps nothing of the file.
 * `openLines` is called once for each try of the transaction and yields the same lines each time.
 *
 * An id seen before is the same object: the same line again changes nothing, a changed one updates what the wire lets
 * change, and is a problem where it does not (a price, an issued invoice's figures, a paid invoice). A line whose
 * `updatedAt` lies before the row's is older than what is stored, such as a buyer's own change, and changes nothing.
 * References are to rows of the same workspace and mode, in the database or earlier in the file; only a customer's
 * default method may come later. A paid invoice gets its receipt here, numbered in order of payment, unless the file
 * brings one.
 *
 * No events are written: what comes in happened elsewhere and was told there. The audit chain gets one line a file.
 */
export async function importBillingData(
  on: Runtime,
  scope: WorkspaceScope,
  openLines: () => AsyncIterable<ImportLine> | Iterable<ImportLine>,
): Promise<ImportResult> {
  const problems: LineProblem[] = [];
  let current: { line: number; field: string } = { line: 0, field: 'id' };
  try {
    return await on.writeAlone(async (tx) => {
      problems.length = 0;
      const workspace = await findWorkspace(tx, scope);
      if (workspace === null) return { ...fail('not_found', 'There is no such workspace.'), problems };
      const job = startJob(on, tx, scope, workspace);
      for await (const one of openLines()) {
        current = { line: one.line, field: one.ok ? uniqueWireField(one.record) : 'id' };
        job.report.lines += 1;
        const found = one.ok ? checkBillingRecord(one.record) : one.problems;
        const more = one.ok && found.length === 0 ? await takeRecord(job, one.line, one.record) : found;
        problems.push(...more.map((problem) => ({ ...problem, line: one.line })));
        if (problems.length >= mostProblems) break;
      }
      problems.push(...(await finishJob(job)));
      if (problems.length > 0) throw new ImportRefused();
      await noteImport(job);
      return succeed(job.report);
    });
  } catch (thrown) {
    if (isUniqueViolation(thrown)) {
      const reason = 'a value that must be unique belongs to another object';
      problems.push({ ...current, reason });
    } else if (!(thrown instanceof ImportRefused)) {
      throw thrown;
    }
    const told = problems.slice(0, mostProblems);
    return { ...fail('validation_error', 'The file has problems; nothing of it was kept.'), problems: told };
  }
}

/** Rolls the transaction back; caught right above it. */
class ImportRefused extends Error {
  override name = 'ImportRefused';
}

type Job = {
  readonly on: Runtime;
  readonly tx: Writer;
  readonly scope: WorkspaceScope;
  readonly workspace: Workspace;
  readonly now: Instant;
  readonly report: {
    lines: number;
    inserted: number;
    updated: number;
    unchanged: number;
    olderLines: number[];
    receiptsIssued: number;
  };
  /** Defaults of customers whose method may come later in the file. */
  readonly defaults: { line: number; customerId: string; methodId: string }[];
  /** Paid invoices that need a receipt at the end, unless one comes along. */
  readonly paid: { line: number; invoiceId: string; paidAt: Instant }[];
};

function startJob(on: Runtime, tx: Writer, scope: WorkspaceScope, workspace: Workspace): Job {
  const report = { lines: 0, inserted: 0, updated: 0, unchanged: 0, olderLines: [], receiptsIssued: 0 };
  return { on, tx, scope, workspace, now: on.now(), report, defaults: [], paid: [] };
}

async function takeRecord(job: Job, line: number, record: BillingRecord): Promise<RecordProblem[]> {
  switch (record.object) {
    case 'customer':
      return takeCustomer(job, line, record);
    case 'plan':
      return takePlan(job, line, record);
    case 'price':
      return takePrice(job, line, record);
    case 'subscription':
      return takeSubscription(job, line, record);
    case 'invoice':
      return takeInvoice(job, line, record);
    case 'payment_method':
      return takeMethod(job, line, record);
    case 'receipt':
      return takeReceipt(job, line, record);
    case 'refund':
      return takeRefund(job, line, record);
  }
}

async function takeCustomer(job: Job, line: number, record: CustomerRecord): Promise<RecordProblem[]> {
  const { defaultPaymentTokenId: methodId } = record;
  const row = customerRow(job.scope, record);
  const before = await findBillingRow(job.tx, job.scope, 'customers', record.id);
  if (before !== null && before.deletedAt !== null) return [no('id', 'this customer was deleted')];
  // Left out or null says nothing: a method may have been made the default since.
  const kept = {
    clockAheadMs: before?.clockAheadMs ?? 0,
    ...(methodId === null && before !== null ? { defaultPaymentMethodId: before.defaultPaymentMethodId } : {}),
  };
  if (methodId !== null) job.defaults.push({ line, customerId: record.id, methodId });
  return storeRow(job, line, 'customers', before, { ...row, ...kept }, {});
}

async function takePlan(job: Job, line: number, record: PlanRecord): Promise<RecordProblem[]> {
  const before = await findBillingRow(job.tx, job.scope, 'plans', record.id);
  const frozen = { interval: 'interval', intervalCount: 'intervalCount' };
  const problems = await storeRow(job, line, 'plans', before, planRow(job.scope, record), frozen);
  for (const [at, price] of record.prices.entries()) {
    const found = await takePrice(job, line, price);
    problems.push(...found.map(({ field, reason }) => no(`prices[${at}].${field}`, reason)));
  }
  return problems;
}

async function takePrice(job: Job, line: number, record: PriceRecord): Promise<RecordProblem[]> {
  const { tx, scope } = job;
  if ((await findBillingRow(tx, scope, 'plans', record.planId)) === null) return [no('planId', unknown('plan'))];
  const before = await findBillingRow(tx, scope, 'prices', record.id);
  const frozen = {
    planId: 'planId',
    currency: 'currency',
    model: 'model',
    unitAmount: 'unitAmount',
    tiers: 'tiers',
    taxMode: 'taxMode',
  };
  return storeRow(job, line, 'prices', before, priceRow(scope, record), frozen);
}

async function takeSubscription(job: Job, line: number, record: SubscriptionRecord): Promise<RecordProblem[]> {
  const { tx, scope } = job;
  const problems: RecordProblem[] = [];
  if (!(await isCustomer(job, record.customerId))) problems.push(no('customerId', unknown('customer')));
  if ((await findBillingRow(tx, scope, 'plans', record.planId)) === null) problems.push(no('planId', unknown('plan')));
  if (record.priceId !== null) {
    const price = await findBillingRow(tx, scope, 'prices', record.priceId);
    if (price === null) problems.push(no('priceId', unknown('price')));
    else if (price.planId !== record.planId) problems.push(no('priceId', 'is a price of another plan'));
  }
  const { defaultPaymentTokenId: methodId } = record;
  if (methodId !== null && !(await isMethodOf(job, methodId, record.customerId))) {
    problems.push(no('defaultPaymentTokenId', unknown('payment method of this customer')));
  }
  if (problems.length > 0) return problems;
  const before = await findBillingRow(tx, scope, 'subscriptions', record.id);
  if (before !== null && before.status !== record.status) {
    const isFinal = before.status === 'canceled' || before.status === 'incomplete';
    const isStart = record.status === 'trialing' || record.status === 'incomplete';
    if (!isOlder(before, record) && (isFinal || isStart)) {
      return [no('status', `does not go from "${before.status}" to "${record.status}"`)];
    }
  }
  const made = subscriptionRow(scope, record);
  // Lines say nothing of where periods are counted from: it stays as long as the period stays.
  const isSamePeriod = before?.currentPeriodEnd === made.currentPeriodEnd;
  const kept = before === null ? {} : { initialDiscount: before.initialDiscount };
  const row = { ...made, ...kept, ...(isSamePeriod ? { billingAnchor: before.billingAnchor } : {}) };
  return storeRow(job, line, 'subscriptions', before, row, { customerId: 'customerId' });
}

async function takeMethod(job: Job, line: number, record: PaymentMethodRecord): Promise<RecordProblem[]> {
  const { tx, scope, on } = job;
  if (!(await isCustomer(job, record.customerId))) return [no('customerId', unknown('customer'))];
  if (scope.mode === 'live' && record.adapter === 'simulated') {
    return [no('adapter', 'the simulated provider serves test mode only')];
  }
  const { rootKeys } = on.config;
  const key = deriveKey(rootKeys, newestKeyNumber(rootKeys), 'reference');
  if (key === null) throw new Error('No key to hash references with.');
  const hash = keyedHash(key, record.providerToken);
  const before = await findBillingRow(tx, scope, 'paymentMethods', record.id);
  const sealed =
    before !== null && before.providerRefHash === hash
      ? before.providerRefSealed
      : sealText(rootKeys, record.providerToken, record.id, on.random);
  // A line that says nothing of the fingerprint leaves the one that is known.
  const known =
    record.fingerprint === null
      ? (before?.fingerprintHash ?? null)
      : fingerprintHash({ ...scope, customerId: record.customerId }, record.adapter, record.fingerprint);
  const row = paymentMethodRow(scope, record, { sealed, hash }, known);
  const changes = job.report.unchanged + job.report.olderLines.length;
  const frozen = { customerId: 'customerId', type: 'type', adapter: 'adapter' };
  const problems = await storeRow(job, line, 'paymentMethods', before, row, frozen);
  const isChange = job.report.unchanged + job.report.olderLines.length === changes;
  if (problems.length === 0 && record.isDefault && isChange) {
    await updateBillingRow(tx, scope, 'customers', record.customerId, { defaultPaymentMethodId: record.id });
  }
  return problems;
}

async function takeInvoice(job: Job, line: number, record: InvoiceRecord): Promise<RecordProblem[]> {
  const { tx, scope } = job;
  const problems = await checkInvoiceReferences(job, record);
  if (problems.length > 0) return problems;
  const before = await findBillingRow(tx, scope, 'invoices', record.id);
  const billedTo =
    record.billedTo ?? (before === null ? await billedToOf(job, record.customerId) : JSON.parse(before.billedTo));
  const made = invoiceRow(scope, record, billedTo);
  // What the portal noted of an invoice stays: lines say nothing of it.
  const row =
    before === null
      ? made
      : {
          ...made,
          collectionStoppedAt: before.collectionStoppedAt,
          stoppedAttemptAt: before.stoppedAttemptAt,
          collectionBeganAt: before.collectionBeganAt,
          collectionTries: before.collectionTries,
          memo: before.memo,
          templateId: before.templateId,
          ...(before.collectionStoppedAt === null ? {} : { nextAttemptAt: null }),
          ...(record.collectionAttempts === null ? { collectionAttempts: before.collectionAttempts } : {}),
        };
  const own = row.issuedAt === null ? null : readInvoiceNumber(row.number);
  if (own !== null) await raiseNumber(tx, scope, `invoice:${own.year}`, own.count);
  const linesDiffer = before !== null && (await haveLinesChanged(job, record));
  if (before !== null && !isOlder(before, record)) {
    const refused = refuseInvoiceChange(before, row, linesDiffer);
    if (refused !== null) return [refused];
  }
  const found = await storeRow(job, line, 'invoices', before, row, { customerId: 'customerId' }, linesDiffer);
  if (found.length > 0 || (before !== null && isOlder(before, record))) return found;
  if ((before === null || linesDiffer) && !(await replaceLines(tx, record.id, record.lines))) {
    return [no('lines', 'the id of a line is taken, or stands twice')];
  }
  for (const [at, attempt] of record.attempts.entries()) {
    const wrong = await takeAttempt(job, record, attempt);
    problems.push(...wrong.map(({ field, reason }) => no(`attempts[${at}].${field}`, reason)));
  }
  if (row.status === 'paid' && row.paidAt !== null && before?.status !== 'paid') {
    job.paid.push({ line, invoiceId: record.id, paidAt: row.paidAt });
  }
  return problems;
}

async function checkInvoiceReferences(job: Job, record: InvoiceRecord): Promise<RecordProblem[]> {
  const { tx, scope } = job;
  if (!(await isCustomer(job, record.customerId))) return [no('customerId', unknown('customer'))];
  const problems: RecordProblem[] = [];
  if (record.subscriptionId !== null) {
    const subscription = await findBillingRow(tx, scope, 'subscriptions', record.subscriptionId);
    if (subscription?.customerId !== record.customerId) {
      problems.push(no('subscriptionId', unknown('subscription of this customer')));
    }
  }
  for (const [at, line] of record.lines.entries()) {
    if (line.priceId !== null && (await findBillingRow(tx, scope, 'prices', line.priceId)) === null) {
      problems.push(no(`lines[${at}].priceId`, unknown('price')));
    }
  }
  return problems;
}

/** Why an invoice may not change like this, or null. Issued figures stand; a paid, void or written-off invoice is final. */
function refuseInvoiceChange(
  before: Tables['invoices'],
  after: Tables['invoices'],
  linesDiffer: boolean,
): RecordProblem | null {
  const differing = changedColumns(before, after);
  if (differing.length === 0 && !linesDiffer) return null;
  if (before.status === 'draft') return null;
  if (before.status === 'paid' || before.status === 'void') {
    return no(differing[0] ?? 'lines', `this invoice is ${before.status} and never changes again`);
  }
  if (after.status === 'draft') return no('status', 'an issued invoice does not become a draft again');
  const figures = ['number', 'currency', 'subtotal', 'discount', 'tax', 'total', 'issuedAt', 'billedTo'];
  const figure = linesDiffer ? 'lines' : differing.find((name) => figures.includes(name));
  return figure === undefined ? null : no(figure, 'never changes once an invoice is issued');
}

async function haveLinesChanged(job: Job, record: InvoiceRecord): Promise<boolean> {
  const stored = await listLineRows(job.tx, record.id);
  const given = record.lines.map((line, position) => lineRow(record.id, line, position));
  return stored.length !== given.length || stored.some((line, at) => changedColumns(line, given[at] ?? {}).length > 0);
}

/** An attempt that is new is noted; one that was waiting may have come to an end; any other change is none. */
async function takeAttempt(job: Job, invoice: InvoiceRecord, record: AttemptRecord): Promise<RecordProblem[]> {
  const { tx, scope } = job;
  const method = await nameMethod(job, invoice.customerId, record);
  if (method === null) return [no('paymentTokenId', unknown('payment method of this customer'))];
  const row = attemptRow(scope, invoice, record, method);
  const before = await findAttemptRow(tx, scope, record.id);
  if (before === null)
    return (await insertAttemptRow(tx, row))
      ? []
      : [no('id', 'is taken, or another attempt at this invoice still waits')];
  if (before.invoiceId !== invoice.id) return [no('id', 'is an attempt at another invoice')];
  const { status, reason, finishedAt, providerReference } = row;
  const isSame = before.status === status && before.reason === reason && before.amount === row.amount;
  if (isSame) return [];
  if (before.amount !== row.amount) return [no('amount', 'never changes once an attempt was made')];
  if (before.status !== 'pending' && before.status !== 'needs_confirmation') {
    return [no('status', `an attempt that ended as "${before.status}" stays so`)];
  }
  await settleAttemptRow(tx, scope, record.id, { status, reason, finishedAt, providerReference });
  return [];
}

async function nameMethod(
  job: Job,
  customerId: string,
  { paymentTokenId, method, adapter }: AttemptRecord,
): Promise<{ name: MethodName; adapter: string } | null> {
  if (paymentTokenId === null) return method === null ? null : { name: method, adapter: adapter ?? 'manual' };
  const saved = await findBillingRow(job.tx, job.scope, 'paymentMethods', paymentTokenId);
  if (saved === null || saved.customerId !== customerId) return null;
  const { type, brand, last4, label } = saved;
  return { name: method ?? { type, brand, last4, label }, adapter: adapter ?? saved.adapter };
}

async function takeReceipt(job: Job, line: number, record: ReceiptRecord): Promise<RecordProblem[]> {
  const { tx, scope } = job;
  const before = await findBillingRow(tx, scope, 'receipts', record.id);
  const invoice = await findBillingRow(tx, scope, 'invoices', record.sourceId);
  if (invoice === null) return [no('sourceId', unknown('invoice'))];
  if (invoice.status !== 'paid') return [no('sourceId', 'only a paid invoice has a receipt')];
  if (record.customerId !== null && record.customerId !== invoice.customerId) {
    return [no('customerId', 'is not the customer of the invoice')];
  }
  if (record.currency !== invoice.currency) return [no('currency', `the invoice is in ${invoice.currency}`)];
  if (record.amount !== invoice.total) return [no('amount', `the invoice came to ${invoice.total}`)];
  const other = await findReceiptRowOf(tx, scope, record.sourceId);
  if (other !== null && other.id !== record.id)
    return [no('sourceId', `this invoice has receipt ${other.number} already`)];
  const row = await makeReceiptRow(job, invoice, record);
  const frozen = {
    number: 'number',
    sourceId: 'sourceId',
    amount: 'amount',
    currency: 'currency',
    issuedAt: 'issuedAt',
  };
  // The rest was frozen when the row was made and is not compared.
  const kept =
    before === null ? row : { ...before, ...pickColumns(row, [...Object.keys(frozen), 'emailedAt', 'emailedTo']) };
  const own = readReceiptNumber(record.number);
  if (own !== null) await raiseNumber(tx, scope, `receipt:${own.year}`, own.count);
  return storeRow(job, line, 'receipts', before, kept, frozen);
}

async function takeRefund(job: Job, line: number, record: RefundRecord): Promise<RecordProblem[]> {
  const { tx, scope } = job;
  const invoice = await findBillingRow(tx, scope, 'invoices', record.invoiceId);
  if (invoice === null) return [no('invoiceId', unknown('invoice'))];
  if (record.currency !== invoice.currency) return [no('currency', `the invoice is in ${invoice.currency}`)];
  const others = await sumRefunds(tx, scope, record.invoiceId, record.id);
  if (record.status !== 'failed' && others + record.amount > invoice.amountPaid) {
    return [no('amount', `only ${invoice.amountPaid - others} of this invoice is left to refund`)];
  }
  const before = await findBillingRow(tx, scope, 'refunds', record.id);
  if (before !== null && before.status !== record.status && before.status !== 'pending' && !isOlder(before, record)) {
    return [no('status', `does not go from "${before.status}" to "${record.status}"`)];
  }
  const frozen = {
    chargeId: 'chargeId',
    invoiceId: 'invoiceId',
    amount: 'amount',
    currency: 'currency',
    reason: 'reason',
  };
  const made = refundRow(scope, record, invoice.customerId);
  // A refund that was begun here is asked for here; lines say nothing of that.
  const { paymentAttemptId, adapter, providerReference, requestKey, askedAt } = before ?? made;
  const row = { ...made, paymentAttemptId, adapter, providerReference, requestKey, askedAt };
  return storeRow(job, line, 'refunds', before, row, frozen);
}

/** Checks what had to wait for the end of the file, and issues the receipts that are still missing. */
async function finishJob(job: Job): Promise<LineProblem[]> {
  const { tx, scope } = job;
  const problems: LineProblem[] = [];
  for (const { line, customerId, methodId } of job.defaults) {
    if (!(await isMethodOf(job, methodId, customerId))) {
      problems.push({ line, ...no('defaultPaymentTokenId', unknown('payment method of this customer')) });
    }
  }
  for (const { invoiceId, paidAt } of job.paid.sort(
    (one, other) => one.paidAt - other.paidAt || one.line - other.line,
  )) {
    if ((await findReceiptRowOf(tx, scope, invoiceId)) !== null) continue;
    const invoice = await findBillingRow(tx, scope, 'invoices', invoiceId);
    if (invoice === null) continue;
    const attempt = await findPayingAttempt(tx, scope, invoiceId);
    const payment = {
      method: attempt === null ? null : JSON.parse(attempt.methodName),
      adapter: attempt?.adapter ?? null,
      providerReference: invoice.chargeId ?? attempt?.providerReference ?? null,
      paidAt,
    };
    await issueReceipt(
      tx,
      job.workspace,
      toInvoice(invoice),
      await listLineRows(tx, invoiceId),
      payment,
      job.on.random,
    );
    job.report.receiptsIssued += 1;
  }
  return problems;
}

async function makeReceiptRow(job: Job, row: Tables['invoices'], given: ReceiptRecord): Promise<Tables['receipts']> {
  const { tx, scope } = job;
  const attempt = await findPayingAttempt(tx, scope, row.id);
  const named = given.method === null ? null : { type: given.method, brand: null, last4: null, label: null };
  const lines = await listLineRows(tx, row.id);
  return {
    id: given.id,
    workspaceId: scope.workspaceId,
    mode: scope.mode,
    customerId: row.customerId,
    number: given.number,
    sourceType: 'invoice',
    sourceId: row.id,
    amount: row.total,
    currency: row.currency,
    methodName: attempt?.methodName ?? (named === null ? null : JSON.stringify(named)),
    adapter: given.adapter ?? attempt?.adapter ?? null,
    providerReference: given.providerReference ?? row.chargeId ?? attempt?.providerReference ?? null,
    issuedAt: given.issuedAt,
    emailedAt: given.emailedAt,
    emailedTo: given.emailedTo,
    body: JSON.stringify(receiptBody(job.workspace.brand, toInvoice(row), lines, given.stampDutyNumber)),
  };
}

async function billedToOf(job: Job, customerId: string): Promise<BilledTo> {
  const customer = await findBillingRow(job.tx, job.scope, 'customers', customerId);
  return madeOutTo(customer ?? { name: null, legalName: null, email: null, address: null, taxId: null });
}

async function isCustomer(job: Job, id: string): Promise<boolean> {
  const row = await findBillingRow(job.tx, job.scope, 'customers', id);
  return row !== null && row.deletedAt === null;
}

async function isMethodOf(job: Job, id: string, customerId: string): Promise<boolean> {
  const row = await findBillingRow(job.tx, job.scope, 'paymentMethods', id);
  return row !== null && row.customerId === customerId && row.status !== 'detached';
}

/** Stores a row and counts what became of it. `frozen` names columns that never change, by their wire names. */
async function storeRow<T extends BillingTable>(
  job: Job,
  line: number,
  table: T,
  before: Tables[T] | null,
  after: Tables[T],
  frozen: Readonly<Record<string, string>>,
  hasMore = false,
): Promise<RecordProblem[]> {
  const stored = await storeBillingRow(job.tx, job.scope, { table, before, after, frozen, hasMore });
  if (stored.outcome === 'refused') return stored.problems;
  if (stored.outcome === 'older') job.report.olderLines.push(line);
  else job.report[stored.outcome] += 1;
  return [];
}

/** The field whose value belongs to one object only, beside the id. */
function uniqueWireField(record: BillingRecord): string {
  if (record.object === 'customer') return 'externalId';
  if (record.object === 'payment_method') return 'providerToken';
  return record.object === 'invoice' || record.object === 'receipt' ? 'number' : 'id';
}

async function noteImport(job: Job): Promise<void> {
  const { lines, inserted, updated, unchanged, receiptsIssued } = job.report;
  const detail = { lines, inserted, updated, unchanged, receiptsIssued };
  const entry = { actor: 'operator', act: 'billing_data.imported', object: null, detail } as const;
  await appendAudit(job.tx, job.scope, entry, job.now, job.on.random);
}

function unknown(what: string): string {
  return `there is no such ${what} in this workspace and mode, nor earlier in the file`;
}

function no(field: string, reason: string): RecordProblem {
  return { field, reason };
}
