import type { ExpressionBuilder, Selectable } from 'kysely';
import { sql } from 'kysely';
import type { InvoiceId } from '@/lib/domain/ids.ts';
import type { Invoice } from '@/lib/domain/invoice.ts';
import type { InvoiceFilter } from '@/lib/domain/invoice-filter.ts';
import type { InvoiceStanding } from '@/lib/domain/invoice-standing.ts';
import type { Currency, Money } from '@/lib/domain/money.ts';
import { readCurrency } from '@/lib/domain/money.ts';
import type { Instant } from '@/lib/domain/time.ts';
import { startOfYear } from '@/lib/domain/time.ts';
import type { CustomerScope } from '@/lib/domain/viewer.ts';
import type { Reader } from './db.ts';
import { toInvoice } from './invoices.ts';
import { listPaymentAttempts } from './payment-attempts.ts';
import { listReceiptsOfInvoices } from './receipts.ts';
import { listRefunds } from './refunds.ts';
import type { Tables } from './tables.ts';

/** Invoices a page. */
export const invoicePageSize = 20;

/** The question a list asks: what it is narrowed to, billing time, and the billing zone that cuts the years. */
export type InvoiceQuestion = { readonly filter: InvoiceFilter; readonly now: Instant; readonly timeZone: string };

/** One page of the invoices that match, newest first, each with how it stands. Pages count from 1. */
export async function listInvoicePage(
  read: Reader,
  scope: CustomerScope,
  question: InvoiceQuestion,
  page: number,
): Promise<InvoiceStanding[]> {
  const rows = await matchingInvoices(read, scope, question)
    .selectAll()
    .orderBy('issuedAt', 'desc')
    .orderBy('id', 'desc')
    .limit(invoicePageSize)
    .offset((page - 1) * invoicePageSize)
    .execute();
  return withStanding(read, scope, rows.map(toInvoice));
}

/** How many invoices match, and the sum of their totals by currency; cancelled ones count, but not their amounts. */
export async function countInvoices(
  read: Reader,
  scope: CustomerScope,
  question: InvoiceQuestion,
): Promise<{ count: number; totals: Money[] }> {
  const rows = await matchingInvoices(read, scope, question)
    .select([
      'currency',
      sql<number>`count(*)`.as('n'),
      sql<number>`cast(sum(case when status = 'void' then 0 else total end) as bigint)`.as('amount'),
    ])
    .groupBy('currency')
    .orderBy('currency')
    .execute();
  return { count: rows.reduce((sum, row) => sum + Number(row.n), 0), totals: rows.map(toMoney) };
}

/** What a customer has to pay and has paid, by currency; zeros are left out. */
export type InvoiceTotals = {
  /** Still to pay and not overdue. */
  readonly open: readonly Money[];
  readonly overdue: readonly Money[];
  /** Invoices paid in the year, by their total. */
  readonly paid: readonly Money[];
};

/** The totals of all a customer's invoices, computed by the database; `year` is that of "Paid in {year}". */
export async function sumInvoices(
  read: Reader,
  scope: CustomerScope,
  at: { readonly now: Instant; readonly timeZone: string; readonly year: number },
): Promise<InvoiceTotals> {
  const from = startOfYear(at.timeZone, at.year);
  const until = startOfYear(at.timeZone, at.year + 1);
  const rows = await visibleInvoices(read, scope)
    .select([
      'currency',
      sql<number>`cast(sum(case when status in ('open', 'past_due') and (due_at is null or due_at >= ${at.now}) then total - amount_paid else 0 end) as bigint)`.as(
        'open',
      ),
      sql<number>`cast(sum(case when status in ('open', 'past_due') and due_at < ${at.now} then total - amount_paid else 0 end) as bigint)`.as(
        'overdue',
      ),
      sql<number>`cast(sum(case when status = 'paid' and paid_at >= ${from} and paid_at < ${until} then total else 0 end) as bigint)`.as(
        'paid',
      ),
    ])
    .groupBy('currency')
    .orderBy('currency')
    .execute();
  const pick = (name: 'open' | 'overdue' | 'paid') =>
    rows.map((row) => toMoney({ currency: row.currency, amount: row[name] })).filter((one) => one.amount !== 0);
  return { open: pick('open'), overdue: pick('overdue'), paid: pick('paid') };
}

/** When a customer's first and last invoice were issued, and how many there are; null when there is none. */
export async function findInvoiceSpan(
  read: Reader,
  scope: CustomerScope,
): Promise<{ first: Instant; last: Instant; currencies: Currency[] } | null> {
  const rows = await visibleInvoices(read, scope)
    .select(['currency', sql<number>`min(issued_at)`.as('first'), sql<number>`max(issued_at)`.as('last')])
    .groupBy('currency')
    .orderBy('currency')
    .execute();
  if (rows.length === 0) return null;
  return {
    first: Math.min(...rows.map((row) => row.first)),
    last: Math.max(...rows.map((row) => row.last)),
    currencies: rows.map((row) => toMoney({ currency: row.currency, amount: 0 }).currency),
  };
}

/** The newest invoices of a customer with how each stands, up to `limit`. */
export async function listNewestStandings(
  read: Reader,
  scope: CustomerScope,
  limit: number,
): Promise<InvoiceStanding[]> {
  const rows = await visibleInvoices(read, scope)
    .selectAll()
    .orderBy('issuedAt', 'desc')
    .orderBy('id', 'desc')
    .limit(limit)
    .execute();
  return withStanding(read, scope, rows.map(toInvoice));
}

/** How these invoices of one customer stand, in the same order. */
export async function withStanding(
  read: Reader,
  scope: CustomerScope,
  invoices: readonly Invoice[],
): Promise<InvoiceStanding[]> {
  if (invoices.length === 0) return [];
  const ids = invoices.map((one) => one.id);
  const [lines, attempts, refunds, receipts] = await Promise.all([
    listFirstLines(read, ids),
    listPaymentAttempts(read, scope, ids),
    listRefunds(read, scope, ids),
    listReceiptsOfInvoices(read, scope, ids),
  ]);
  return invoices.map((invoice) => {
    const line = lines.find((one) => one.invoiceId === invoice.id);
    const tries = attempts.filter((one) => one.invoiceId === invoice.id);
    const receipt = receipts.find((one) => one.sourceId === invoice.id);
    const isOwed = invoice.status === 'open' || invoice.status === 'past_due';
    const isWaiting = (status: string) => status === 'pending' || status === 'needs_confirmation';
    return {
      invoice,
      firstLine: line?.description ?? null,
      lineCount: Number(line?.n ?? 0),
      waiting: isOwed ? (tries.findLast((one) => isWaiting(one.status)) ?? null) : null,
      paidBy: invoice.status === 'paid' ? (tries.findLast((one) => one.status === 'succeeded') ?? null) : null,
      refunded: refunds
        .filter((one) => one.invoiceId === invoice.id && one.status === 'succeeded')
        .reduce((sum, one) => sum + one.amount, 0),
      receipt: receipt === undefined ? null : { id: receipt.id, number: receipt.number },
    };
  });
}

/** First line and number of lines of invoices that were read in scope before. */
async function listFirstLines(read: Reader, ids: readonly InvoiceId[]) {
  return read
    .selectFrom('invoiceLines')
    .innerJoin(
      read
        .selectFrom('invoiceLines')
        .select([
          'invoiceId as ofInvoice',
          sql<number>`min(position)`.as('firstPosition'),
          sql<number>`count(*)`.as('n'),
        ])
        .where('invoiceId', 'in', [...ids])
        .groupBy('invoiceId')
        .as('firsts'),
      (join) => join.onRef('firsts.ofInvoice', '=', 'invoiceId').onRef('firsts.firstPosition', '=', 'position'),
    )
    .select(['invoiceId', 'description', 'firsts.n'])
    .execute();
}

function visibleInvoices(read: Reader, scope: CustomerScope) {
  return read
    .selectFrom('invoices')
    .where('workspaceId', '=', scope.workspaceId)
    .where('mode', '=', scope.mode)
    .where('customerId', '=', scope.customerId)
    .where('status', '<>', 'draft')
    .where('issuedAt', 'is not', null);
}

function matchingInvoices(read: Reader, scope: CustomerScope, { filter, now, timeZone }: InvoiceQuestion) {
  let query = visibleInvoices(read, scope);
  const { year, status, subscriptionId, search } = filter;
  if (year !== null) {
    query = query
      .where('issuedAt', '>=', startOfYear(timeZone, year))
      .where('issuedAt', '<', startOfYear(timeZone, year + 1));
  }
  if (subscriptionId !== null) query = query.where('subscriptionId', '=', subscriptionId);
  if (status === 'open') {
    query = query
      .where('status', 'in', ['open', 'past_due'])
      .where((is) => is.or([is('dueAt', 'is', null), is('dueAt', '>=', now)]));
  } else if (status === 'past_due') {
    query = query.where('status', 'in', ['open', 'past_due']).where('dueAt', '<', now);
  } else if (status === 'refunded') {
    query = query.where((is) =>
      is.exists(
        is
          .selectFrom('refunds')
          .select('refunds.id')
          .whereRef('refunds.invoiceId', '=', 'invoices.id')
          .where('refunds.status', '=', 'succeeded'),
      ),
    );
  } else if (status !== null) query = query.where('status', '=', status);
  if (search !== null) query = query.where((is) => matchesSearch(is, search));
  return query;
}

function matchesSearch(is: ExpressionBuilder<Tables, 'invoices'>, search: NonNullable<InvoiceFilter['search']>) {
  const ways = search.amounts.map(({ currency, amount }) =>
    is.and([is('currency', '=', currency), is('total', '=', amount)]),
  );
  if (search.number !== null) {
    const pattern = `%${search.number.replace(/[\\%_]/g, '\\$&')}%`;
    ways.push(is.and([sql<boolean>`lower(number) like ${pattern} escape '\\'`]));
  }
  if (search.serial !== null) {
    // The digits a number ends with, without leading zeros: both databases trim by a set of characters.
    const serial = sql`ltrim(substr(number, length(rtrim(number, '0123456789')) + 1), '0')`;
    ways.push(
      is.and([
        search.serial === '0'
          ? sql<boolean>`${serial} = '' and number like '%0'`
          : sql<boolean>`${serial} = ${search.serial}`,
      ]),
    );
  }
  return is.or(ways);
}

function toMoney(row: Pick<Selectable<Tables['invoices']>, 'currency'> & { amount: number }): Money {
  return { currency: readCurrency(row.currency) ?? 'IDR', amount: Number(row.amount) };
}
