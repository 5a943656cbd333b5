import type { Selectable } from 'kysely';
import type { RefusalReason } from '@/lib/domain/invoice.ts';
import { readCurrency } from '@/lib/domain/money.ts';
import type { Instant } from '@/lib/domain/time.ts';
import type { Database } from './db.ts';
import type { Tables } from './tables.ts';

type VisitRow = Selectable<Tables['simulatedVisits']>;
type MethodRow = Selectable<Tables['simulatedMethods']>;
type ChargeRow = Selectable<Tables['simulatedCharges']>;
type RefundRow = Selectable<Tables['simulatedRefunds']>;

/** The memory of the simulated provider, in three tables that nothing else reads. Each call is a transaction. */
export function simulatedStore<Play extends string>(database: Database) {
  const { read } = database;
  const toMethod = (row: MethodRow) => ({ ...row, behaviour: row.behaviour as Play });
  return {
    async addVisit(visit: VisitRow) {
      const row = await database.write(async (tx) => {
        await tx
          .insertInto('simulatedVisits')
          .values(visit)
          .onConflict((on) => on.columns(['kind', 'reference']).doNothing())
          .execute();
        return tx
          .selectFrom('simulatedVisits')
          .selectAll()
          .where('kind', '=', visit.kind)
          .where('reference', '=', visit.reference)
          .executeTakeFirstOrThrow();
      });
      return toVisit(row);
    },
    async findVisit(id: string) {
      const row = await read.selectFrom('simulatedVisits').selectAll().where('id', '=', id).executeTakeFirst();
      return row === undefined ? null : toVisit(row);
    },
    async findConfirmation(idempotencyKey: string) {
      const row = await read
        .selectFrom('simulatedVisits')
        .selectAll()
        .where('kind', '=', 'confirm_payment')
        .where('reference', '=', idempotencyKey)
        .executeTakeFirst();
      return row === undefined ? null : toVisit(row);
    },
    async changeVisit(id: string, from: readonly VisitRow['status'][], changes: Partial<VisitRow>) {
      const row = await database.write((tx) =>
        tx
          .updateTable('simulatedVisits')
          .set(changes)
          .where('id', '=', id)
          .where('status', 'in', from)
          .returning('id')
          .executeTakeFirst(),
      );
      return row !== undefined;
    },
    async silentUntil(customerReference: string, now: Instant) {
      const row = await read
        .selectFrom('simulatedVisits')
        .select('settlesAt')
        .where('customerReference', '=', customerReference)
        .where('status', '=', 'silent')
        .where('settlesAt', '>', now)
        .limit(1)
        .executeTakeFirst();
      return row?.settlesAt ?? null;
    },
    async keepMethod(method: MethodRow) {
      const { behaviour, expMonth, expYear } = method;
      const row = await database.write((tx) =>
        tx
          .insertInto('simulatedMethods')
          .values(method)
          .onConflict((on) => on.column('fingerprint').doUpdateSet({ behaviour, expMonth, expYear, detachedAt: null }))
          .returningAll()
          .executeTakeFirstOrThrow(),
      );
      return toMethod(row);
    },
    async findMethod(token: string) {
      const row = await read.selectFrom('simulatedMethods').selectAll().where('token', '=', token).executeTakeFirst();
      return row === undefined ? null : toMethod(row);
    },
    async forgetMethod(token: string, now: Instant) {
      await database.write((tx) =>
        tx.updateTable('simulatedMethods').set({ detachedAt: now }).where('token', '=', token).execute(),
      );
    },
    async addCharge(charge: ChargeRow) {
      const row = await database.write(async (tx) => {
        await tx
          .insertInto('simulatedCharges')
          .values(charge)
          .onConflict((on) => on.column('idempotencyKey').doNothing())
          .execute();
        return tx
          .selectFrom('simulatedCharges')
          .selectAll()
          .where('idempotencyKey', '=', charge.idempotencyKey)
          .executeTakeFirstOrThrow();
      });
      return toCharge(row);
    },
    async findCharge(idempotencyKey: string) {
      const row = await read
        .selectFrom('simulatedCharges')
        .selectAll()
        .where('idempotencyKey', '=', idempotencyKey)
        .executeTakeFirst();
      return row === undefined ? null : toCharge(row);
    },
    async changeCharge(id: string, from: readonly ChargeRow['status'][], changes: Partial<ChargeRow>) {
      const row = await database.write((tx) =>
        tx
          .updateTable('simulatedCharges')
          .set(changes)
          .where('id', '=', id)
          .where('status', 'in', from)
          .returning('id')
          .executeTakeFirst(),
      );
      return row !== undefined;
    },
    async findTaking(chargeReference: string) {
      const charge = await read
        .selectFrom('simulatedCharges')
        .leftJoin('simulatedMethods', 'simulatedMethods.token', 'simulatedCharges.methodToken')
        .select(['simulatedCharges.amount', 'simulatedCharges.methodToken', 'customerReference', 'behaviour'])
        .where('simulatedCharges.id', '=', chargeReference)
        .executeTakeFirst();
      if (charge !== undefined) return { ...charge, behaviour: charge.behaviour as Play | null };
      const visit = await read
        .selectFrom('simulatedVisits')
        .leftJoin('simulatedMethods', 'simulatedMethods.token', 'simulatedVisits.methodToken')
        .select(['simulatedVisits.amount', 'simulatedVisits.customerReference', 'behaviour', 'methodToken'])
        .where('simulatedVisits.chargeId', '=', chargeReference)
        .executeTakeFirst();
      if (visit === undefined || visit.amount === null) return null;
      return { ...visit, amount: visit.amount, behaviour: visit.behaviour as Play | null };
    },
    async addRefund(refund: RefundRow, most: number | null) {
      const row = await database.write(async (tx) => {
        // Refunds of one charge take turns.
        await tx
          .updateTable('simulatedCharges')
          .set((eb) => ({ amount: eb.ref('amount') }))
          .where('id', '=', refund.chargeReference)
          .execute();
        const before = await tx
          .selectFrom('simulatedRefunds')
          .select('amount')
          .where('chargeReference', '=', refund.chargeReference)
          .where('idempotencyKey', '<>', refund.idempotencyKey)
          .where('status', '<>', 'refused')
          .execute();
        const sum = before.reduce((all, one) => all + one.amount, refund.amount);
        const isTooMuch = most !== null && sum > most;
        await tx
          .insertInto('simulatedRefunds')
          .values(isTooMuch ? { ...refund, status: 'refused', settlesAt: null, settlesAs: null } : refund)
          .onConflict((on) => on.column('idempotencyKey').doNothing())
          .execute();
        return tx
          .selectFrom('simulatedRefunds')
          .selectAll()
          .where('idempotencyKey', '=', refund.idempotencyKey)
          .executeTakeFirstOrThrow();
      });
      return toRefund(row);
    },
    async findRefund(idempotencyKey: string) {
      const row = await read
        .selectFrom('simulatedRefunds')
        .selectAll()
        .where('idempotencyKey', '=', idempotencyKey)
        .executeTakeFirst();
      return row === undefined ? null : toRefund(row);
    },
  };
}

function toVisit(row: VisitRow) {
  return {
    ...row,
    currency: readCurrency(row.currency),
    locale: row.locale === 'id' ? ('id' as const) : ('en' as const),
    reason: row.reason as RefusalReason | null,
  };
}

function toCharge(row: ChargeRow) {
  return { ...row, currency: readCurrency(row.currency) ?? 'IDR', reason: row.reason as RefusalReason | null };
}

function toRefund(row: RefundRow) {
  return { ...row, currency: readCurrency(row.currency) ?? 'IDR' };
}
