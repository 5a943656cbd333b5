import { containsCardNumber } from './card-number.ts';
import type { Result } from './result.ts';
import { fail, succeed } from './result.ts';

/** Reasons a buyer may give after cancelling; `something_else` always stands last. */
export const feedbackReasons = [
  'costs_too_much',
  'not_used_enough',
  'something_missing',
  'found_something_else',
  'quality',
  'support',
  'too_hard',
  'something_else',
] as const;

export type FeedbackReason = (typeof feedbackReasons)[number];

export type CancelFeedback = { readonly reason: FeedbackReason | null; readonly comment: string | null };

export const commentLimit = 1_000;

/**
 * Reads what a buyer sent; both parts may be left out. `validation_error` names the field: `reason` (not on the list) or
 * `comment` (too long, or a card number stands in it).
 */
export function readCancelFeedback(
  reason: string | null,
  comment: string | null,
): Result<CancelFeedback, 'validation_error'> {
  const known = feedbackReasons.find((one) => one === reason) ?? null;
  if (known === null && reason !== null && reason !== '') {
    return fail('validation_error', 'Choose a reason from the list.', { field: 'reason' });
  }
  const text = (comment ?? '').replace(/\r\n?/g, '\n').trim();
  if (text.length > commentLimit) {
    return fail('validation_error', 'Enter at most 1,000 characters.', { field: 'comment', facts: { why: 'long' } });
  }
  if (containsCardNumber(text)) {
    return fail('validation_error', 'Enter no card number.', { field: 'comment', facts: { why: 'card_number' } });
  }
  return succeed({ reason: known, comment: text === '' ? null : text });
}

/** The reasons in an order of their own for each seed, the last one fixed. */
export function shuffleReasons(seed: string): readonly FeedbackReason[] {
  const last = feedbackReasons[feedbackReasons.length - 1] ?? 'something_else';
  const shuffled: FeedbackReason[] = feedbackReasons.slice(0, -1);
  let state = hashOf(seed);
  for (let i = shuffled.length - 1; i > 0; i -= 1) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    const j = Math.floor((state / 4_294_967_296) * (i + 1));
    const [one, other] = [shuffled[i], shuffled[j]];
    if (one === undefined || other === undefined) continue;
    shuffled[i] = other;
    shuffled[j] = one;
  }
  return [...shuffled, last];
}

/** FNV-1a over the code units: spreads seeds, hides nothing. */
function hashOf(text: string): number {
  let hash = 2_166_136_261;
  for (let i = 0; i < text.length; i += 1) hash = Math.imul(hash ^ text.charCodeAt(i), 16_777_619) >>> 0;
  return hash;
}
