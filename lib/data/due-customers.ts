import { sql } from 'kysely';
import type { CustomerId, WorkspaceId } from '@/lib/domain/ids.ts';
import type { Instant } from '@/lib/domain/time.ts';
import type { CustomerScope, Mode } from '@/lib/domain/viewer.ts';
import type { Reader } from './db.ts';

/** Why a customer is due: a period is over, a pause is, an invoice is to be charged, or their test clock says so. */
export const dueKinds = ['period', 'resume', 'collect', 'ahead'] as const;

export type DueKind = (typeof dueKinds)[number];

/** A customer something is due for. `place` is where the next page begins. */
export type DueCustomer = { readonly scope: CustomerScope; readonly place: DuePlace };

export type DuePlace = { readonly due: Instant; readonly id: string };

/** A page of the customers something is due for, the longest due first; a customer may stand on it more than once. */
export async function listDueCustomers(
  read: Reader,
  kind: DueKind,
  now: Instant,
  after: DuePlace | null,
  limit: number,
): Promise<DueCustomer[]> {
  const rows = await dueQuery(read, kind, now, after, limit).execute();
  return rows.map(({ workspaceId, mode, customerId, due, id }) => ({
    scope: { workspaceId: workspaceId as WorkspaceId, mode: mode as Mode, customerId: customerId as CustomerId },
    place: { due, id },
  }));
}

/**
 * The question of one kind, as it is asked. What its partial index is cut by stands in it as text: SQLite does not look at
 * bound values to choose an index.
 */
export function dueQuery(read: Reader, kind: DueKind, now: Instant, after: DuePlace | null, limit: number) {
  if (kind === 'period') return overPeriods(read, now, after).limit(limit);
  if (kind === 'resume') return overPauses(read, now, after).limit(limit);
  if (kind === 'collect') return dueInvoices(read, now, after).limit(limit);
  return customersAhead(read, now, after).limit(limit);
}

function overPeriods(read: Reader, now: Instant, after: DuePlace | null) {
  return read
    .selectFrom('subscriptions')
    .select(['workspaceId', 'mode', 'customerId', 'currentPeriodEnd as due', 'id'])
    .where('endedAt', 'is', null)
    .where(sql<boolean>`status in ('trialing', 'active', 'past_due')`)
    .where('currentPeriodEnd', '<=', now)
    .where(isBehind(after, 'current_period_end'))
    .orderBy('currentPeriodEnd')
    .orderBy('id');
}

function overPauses(read: Reader, now: Instant, after: DuePlace | null) {
  return read
    .selectFrom('subscriptions')
    .select(['workspaceId', 'mode', 'customerId', sql<number>`resume_at`.as('due'), 'id'])
    .where('endedAt', 'is', null)
    .where(sql<boolean>`status = 'paused'`)
    .where('resumeAt', 'is not', null)
    .where('resumeAt', '<=', now)
    .where(isBehind(after, 'resume_at'))
    .orderBy('resumeAt')
    .orderBy('id');
}

function dueInvoices(read: Reader, now: Instant, after: DuePlace | null) {
  return read
    .selectFrom('invoices')
    .select(['workspaceId', 'mode', 'customerId', sql<number>`next_attempt_at`.as('due'), 'id'])
    .where(sql<boolean>`status in ('open', 'past_due')`)
    .where('nextAttemptAt', 'is not', null)
    .where('nextAttemptAt', '<=', now)
    .where(isBehind(after, 'next_attempt_at'))
    .orderBy('nextAttemptAt')
    .orderBy('id');
}

/** Customers whose own clock runs ahead, where it says that something is due though the wall clock does not. */
function customersAhead(read: Reader, now: Instant, after: DuePlace | null) {
  return read
    .selectFrom('customers')
    .select(['workspaceId', 'mode', 'id as customerId', sql<number>`0`.as('due'), 'id'])
    .where(sql<boolean>`clock_ahead_ms > 0`)
    .where('mode', '=', 'test')
    .where('deletedAt', 'is', null)
    .where('id', '>', after?.id ?? '')
    .where((eb) =>
      eb.or([
        eb.exists(
          eb
            .selectFrom('subscriptions')
            .select('subscriptions.id')
            .whereRef('subscriptions.workspaceId', '=', 'customers.workspaceId')
            .where('subscriptions.mode', '=', 'test')
            .whereRef('subscriptions.customerId', '=', 'customers.id')
            .where('subscriptions.endedAt', 'is', null)
            .where(
              sql<boolean>`case when subscriptions.status = 'paused' then subscriptions.resume_at when subscriptions.status in ('trialing', 'active', 'past_due') then subscriptions.current_period_end end <= ${now} + customers.clock_ahead_ms`,
            ),
        ),
        eb.exists(
          eb
            .selectFrom('invoices')
            .select('invoices.id')
            .whereRef('invoices.workspaceId', '=', 'customers.workspaceId')
            .where('invoices.mode', '=', 'test')
            .whereRef('invoices.customerId', '=', 'customers.id')
            .where('invoices.status', 'in', ['open', 'past_due'])
            .where(sql<boolean>`invoices.next_attempt_at <= ${now} + customers.clock_ahead_ms`),
        ),
      ]),
    )
    .orderBy('id');
}

function isBehind(after: DuePlace | null, column: string) {
  return after === null ? sql<boolean>`1 = 1` : sql<boolean>`(${sql.ref(column)}, id) > (${after.due}, ${after.id})`;
}
