import type { PlanId } from './ids.ts';
import { newId } from './ids.ts';
import type { Price } from './plan.ts';
import type { Instant } from './time.ts';
import type { WorkspaceScope } from './viewer.ts';

/** What a merchant says of a new price; its amounts never change afterwards. */
export type PriceFields = Pick<Price, 'currency' | 'model' | 'unitAmount' | 'tiers' | 'taxMode' | 'active'>;

/** Prices of a plan made in one moment; their ids are in order, so that they are listed as they were given. */
export function makePrices(
  { workspaceId, mode }: WorkspaceScope,
  planId: PlanId,
  all: readonly PriceFields[],
  now: Instant,
  random: (bytes: number) => Uint8Array,
): Price[] {
  const ids = all.map(() => newId('price', now, random)).sort();
  return all.flatMap((fields, at) => {
    const id = ids[at];
    return id === undefined ? [] : [{ ...fields, id, planId, workspaceId, mode, createdAt: now }];
  });
}
