import type { FailureCode } from '@/lib/domain/failures.ts';
import type { Result } from '@/lib/domain/result.ts';
import type { Instant } from '@/lib/domain/time.ts';
import type { WorkspaceScope } from '@/lib/domain/viewer.ts';
import type { Writer } from './db.ts';

/** The right to run the request of one idempotency key. It holds until `leaseUntil`; then another run may take over. */
export type IdempotencyClaim = WorkspaceScope & { readonly key: string; readonly leaseUntil: Instant };

/** What stands under a key: the claim just taken, the answer of an earlier run, a run that goes on, or another request. */
export type ClaimOutcome =
  | { readonly is: 'claimed'; readonly claim: IdempotencyClaim }
  | { readonly is: 'answered'; readonly status: number; readonly answerSealed: string }
  | { readonly is: 'running' }
  | { readonly is: 'other_request' };

/** The claim ran out and somebody else took over: the transaction must not commit. */
export class ClaimLost extends Error {
  override name = 'ClaimLost';
}

/**
 * Claims a key, first come first served by the primary key. A row over its 24 hours counts as absent; a started one
 * over its lease is taken over by the same request.
 */
export async function claimIdempotencyKey(
  tx: Writer,
  wanted: IdempotencyClaim & { readonly fingerprint: string; readonly expiresAt: Instant },
  now: Instant,
): Promise<ClaimOutcome> {
  const { workspaceId, mode, key, leaseUntil } = wanted;
  const fresh = {
    fingerprint: wanted.fingerprint,
    state: 'started' as const,
    leaseUntil,
    status: null,
    answerSealed: null,
    createdAt: now,
    expiresAt: wanted.expiresAt,
  };
  const claimed: ClaimOutcome = { is: 'claimed', claim: { workspaceId, mode, key, leaseUntil } };
  const inserted = await tx
    .insertInto('idempotentAnswers')
    .values({ workspaceId, mode, key, ...fresh })
    .onConflict((on) => on.columns(['workspaceId', 'mode', 'key']).doNothing())
    .returning('key')
    .executeTakeFirst();
  if (inserted !== undefined) return claimed;
  const takenOver = await tx
    .updateTable('idempotentAnswers')
    .set(fresh)
    .where('workspaceId', '=', workspaceId)
    .where('mode', '=', mode)
    .where('key', '=', key)
    .where((eb) =>
      eb.or([
        eb('expiresAt', '<=', now),
        eb.and([eb('state', '=', 'started'), eb('leaseUntil', '<=', now), eb('fingerprint', '=', wanted.fingerprint)]),
      ]),
    )
    .returning('key')
    .executeTakeFirst();
  if (takenOver !== undefined) return claimed;
  const row = await tx
    .selectFrom('idempotentAnswers')
    .select(['fingerprint', 'state', 'status', 'answerSealed'])
    .where('workspaceId', '=', workspaceId)
    .where('mode', '=', mode)
    .where('key', '=', key)
    .executeTakeFirst();
  if (row === undefined) return { is: 'running' };
  if (row.fingerprint !== wanted.fingerprint) return { is: 'other_request' };
  if (row.status === null || row.answerSealed === null) return { is: 'running' };
  return { is: 'answered', status: row.status, answerSealed: row.answerSealed };
}

/**
 * A claim, and how its request will be answered: the status and the sealed answer to keep for the retries of 24 hours,
 * or null for an outcome that is not kept.
 */
export type Answering<T, C extends FailureCode = FailureCode> = {
  readonly claim: IdempotencyClaim;
  compose(result: Result<T, C>): { readonly status: number; readonly answerSealed: string } | null;
};

/** Keeps the answer of a request, or gives its claim back, in the transaction of its effect. Without a claim: nothing. */
export async function settleClaim<T, C extends FailureCode>(
  tx: Writer,
  answering: Answering<T, C> | null,
  result: Result<T, C>,
): Promise<void> {
  if (answering === null) return;
  const answer = answering.compose(result);
  await (answer === null ? releaseClaim(tx, answering.claim) : keepAnswer(tx, answering.claim, answer));
}

/** Keeps the answer of a claimed request, in the transaction of its effect. Throws ClaimLost when the claim ran out. */
async function keepAnswer(
  tx: Writer,
  claim: IdempotencyClaim,
  answer: { readonly status: number; readonly answerSealed: string },
): Promise<void> {
  const row = await tx
    .updateTable('idempotentAnswers')
    .set({ state: 'done', status: answer.status, answerSealed: answer.answerSealed })
    .where('workspaceId', '=', claim.workspaceId)
    .where('mode', '=', claim.mode)
    .where('key', '=', claim.key)
    .where('state', '=', 'started')
    .where('leaseUntil', '=', claim.leaseUntil)
    .returning('key')
    .executeTakeFirst();
  if (row === undefined) throw new ClaimLost('Another run of the same request took over.');
}

/** Gives a claim back without an answer, so that the next try starts afresh. */
export async function releaseClaim(tx: Writer, claim: IdempotencyClaim): Promise<void> {
  await tx
    .deleteFrom('idempotentAnswers')
    .where('workspaceId', '=', claim.workspaceId)
    .where('mode', '=', claim.mode)
    .where('key', '=', claim.key)
    .where('state', '=', 'started')
    .where('leaseUntil', '=', claim.leaseUntil)
    .execute();
}

/**
 * Puts a later answer in place of the one that was kept with the effect, for a request whose effect goes on after its
 * first transaction: a retry in between gets the first one. Without a claim, or with an answer that is not kept: nothing.
 */
export async function replaceAnswer<T, C extends FailureCode>(
  tx: Writer,
  answering: Answering<T, C> | null,
  result: Result<T, C>,
): Promise<void> {
  const answer = answering?.compose(result) ?? null;
  if (answering === null || answer === null) return;
  const { workspaceId, mode, key, leaseUntil } = answering.claim;
  await tx
    .updateTable('idempotentAnswers')
    .set({ status: answer.status, answerSealed: answer.answerSealed })
    .where('workspaceId', '=', workspaceId)
    .where('mode', '=', mode)
    .where('key', '=', key)
    .where('state', '=', 'done')
    .where('leaseUntil', '=', leaseUntil)
    .execute();
}
