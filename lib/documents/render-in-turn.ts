import { setImmediate } from 'node:timers/promises';

let last: Promise<unknown> = Promise.resolve();

/**
 * Makes one document at a time, and lets whatever else waits go first: fifty documents asked for at once delay a page
 * by one of them, not by fifty.
 */
export function renderInTurn<T>(render: () => Promise<T>): Promise<T> {
  const turn = last.then(async () => {
    await setImmediate();
    return render();
  });
  last = turn.catch(() => undefined);
  return turn;
}
