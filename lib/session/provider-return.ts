import { openProviderReference } from '@/lib/crypto/provider-reference.ts';
import { fingerprint } from '@/lib/crypto/secret.ts';
import { findVisitByState } from '@/lib/data/provider-visits.ts';
import type { ProviderVisit } from '@/lib/domain/provider-visit.ts';
import type { Viewer } from '@/lib/domain/viewer.ts';
import type { Runtime } from '@/lib/runtime.ts';

/**
 * The visit a one-time state came back for, if this very browser session began it, or the billing clock did and the bank
 * wanted this customer to confirm; else null.
 */
export async function findReturningVisit(on: Runtime, viewer: Viewer, state: string): Promise<ProviderVisit | null> {
  if (!/^[\w-]{20,64}$/.test(state)) return null;
  const visit = await findVisitByState(on.read, viewer, fingerprint(state));
  const isOwn = visit?.browserSessionId === null || visit?.browserSessionId === viewer.browserSessionId;
  return isOwn ? visit : null;
}

/** Where the buyer goes on with a visit, at the provider or the bank; null when that is over. */
export function openRedirect(on: Pick<Runtime, 'config'>, visit: ProviderVisit): string | null {
  const { redirectSealed } = visit.outcome;
  return redirectSealed === null ? null : openProviderReference(on.config.rootKeys, visit.id, redirectSealed);
}
