import type { RecordProblem } from './billing-record.ts';
import type { Price } from './plan.ts';

/** The most prices one plan has. */
export const mostPrices = 100;

/** The most tiers one price has. */
const mostTiers = 50;

/**
 * The first thing wrong with what a price asks: a flat or usage price has one amount and no tiers; a tiered or volume
 * price has tiers and no amount of its own, each reaching further than the one before, the last without an end. Null
 * when it holds.
 */
export function checkPriceAmounts({
  model,
  unitAmount,
  tiers,
}: Pick<Price, 'model' | 'unitAmount' | 'tiers'>): RecordProblem | null {
  const isTiered = model === 'tiered' || model === 'volume';
  if (!isTiered) {
    if (tiers !== null) return no('tiers', `a ${model} price has none; give unitAmount`);
    return unitAmount === null ? no('unitAmount', `a ${model} price needs it`) : null;
  }
  if (tiers === null || tiers.length === 0) return no('tiers', `a ${model} price needs tiers`);
  if (unitAmount !== null) return no('unitAmount', `a ${model} price has its amounts in its tiers`);
  if (tiers.length > mostTiers) return no('tiers', `must not be more than ${mostTiers}`);
  let reached = 0;
  for (const [at, { upTo }] of tiers.entries()) {
    const isLast = at === tiers.length - 1;
    if ((upTo === 'inf') !== isLast) {
      return no(`tiers.${at}.upTo`, isLast ? 'must be "inf" in the last tier' : 'may be "inf" in the last tier only');
    }
    if (upTo === 'inf') continue;
    if (upTo <= reached) return no(`tiers.${at}.upTo`, `must be more than ${reached}`);
    reached = upTo;
  }
  return null;
}

function no(field: string, reason: string): RecordProblem {
  return { field, reason };
}
