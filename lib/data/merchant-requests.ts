import type { ApiKeyId } from '@/lib/domain/ids.ts';
import { mayRepeat } from '@/lib/domain/replay.ts';
import type { Result } from '@/lib/domain/result.ts';
import { fail, succeed } from '@/lib/domain/result.ts';
import type { Instant } from '@/lib/domain/time.ts';
import { dayMs, secondMs } from '@/lib/domain/time.ts';
import type { WorkspaceScope } from '@/lib/domain/viewer.ts';
import { noteKeyUse } from './api-keys.ts';
import type { Writer } from './db.ts';
import type { IdempotencyClaim } from './idempotent-answers.ts';
import { claimIdempotencyKey } from './idempotent-answers.ts';
import type { SeenSignature } from './request-signatures.ts';
import { findSignature, rememberSignature } from './request-signatures.ts';

/** How long a run may take before the same request may be run by somebody else. */
const leaseMs = 30 * secondMs;

export type RequestToBegin = {
  /** Noted as used. */
  readonly usedKey: ApiKeyId;
  /** The signature to remember; null for a Bearer key, and for a signature that was judged already. */
  readonly signature: (SeenSignature & { readonly isWrite: boolean }) | null;
  /** The idempotency key to claim for 24 hours; null for a request without one. */
  readonly idempotency: (WorkspaceScope & { readonly key: string; readonly fingerprint: string }) | null;
};

export type BegunRequest =
  | { readonly is: 'run'; readonly claim: IdempotencyClaim | null }
  | { readonly is: 'answered'; readonly status: number; readonly answerSealed: string };

export type NotBegun = 'replayed_request' | 'idempotency_key_reused' | 'idempotency_in_progress';

/**
 * Remembers a merchant's signature and claims its idempotency key: of requests that arrive at once one goes on. Fails
 * with `replayed_request`, `idempotency_key_reused` or `idempotency_in_progress`.
 */
export async function beginRequest(
  tx: Writer,
  { usedKey, signature, idempotency }: RequestToBegin,
  now: Instant,
): Promise<Result<BegunRequest, NotBegun>> {
  if (signature !== null) {
    const { isWrite, ...seen } = signature;
    if (!(await rememberSignature(tx, seen, now))) {
      const first = await findSignature(tx, seen.keyId, seen.signature);
      const repeated = { isWrite, hasIdempotencyKey: idempotency !== null, unsignedHash: seen.unsignedHash };
      if (first === null || !mayRepeat(first, repeated)) {
        return fail('replayed_request', 'This signed request was seen before.');
      }
    }
  }
  await noteKeyUse(tx, usedKey, now);
  if (idempotency === null) return succeed({ is: 'run', claim: null });
  const wanted = { ...idempotency, leaseUntil: now + leaseMs, expiresAt: now + dayMs };
  const outcome = await claimIdempotencyKey(tx, wanted, now);
  if (outcome.is === 'claimed') return succeed({ is: 'run', claim: outcome.claim });
  if (outcome.is === 'answered') return succeed(outcome);
  const field = 'Idempotency-Key';
  return outcome.is === 'running'
    ? fail('idempotency_in_progress', 'The first request with this idempotency key still runs.', { field })
    : fail('idempotency_key_reused', 'This idempotency key was used for another request.', { field });
}
