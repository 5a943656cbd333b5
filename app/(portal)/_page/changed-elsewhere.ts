import type { Instant } from '@/lib/domain/time.ts';
import type { Page } from './draw.tsx';

/**
 * "This changed elsewhere at 14:05. Here is how it is now." `rows` are what the page shows, with the time of their last
 * change; without the time where none of them changed since this entry, because something that is gone did.
 */
export function changedElsewhere(page: Page, rows: readonly { readonly updatedAt: Instant }[]): string {
  const { words, session, now } = page;
  const last = Math.max(0, ...rows.map(({ updatedAt }) => updatedAt));
  if (last < session.enteredAt || last > now) return words.t('common.changedElsewhere');
  return words.t('common.changedElsewhereAt', { time: words.time(last) });
}
