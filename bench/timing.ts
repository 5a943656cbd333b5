/** Times of one kind of call, in milliseconds, sorted. */
export type Times = readonly number[];

/** Makes `count` calls, `inFlight` at once; answers how long each took and how many came through in a second. */
export async function timeCalls(
  count: number,
  inFlight: number,
  call: (index: number) => Promise<unknown>,
): Promise<{ readonly times: Times; readonly perSecond: number }> {
  const times: number[] = [];
  let next = 0;
  const begun = performance.now();
  await Promise.all(
    Array.from({ length: inFlight }, async () => {
      while (next < count) {
        const index = next;
        next += 1;
        const from = performance.now();
        await call(index);
        times.push(performance.now() - from);
      }
    }),
  );
  return { times: times.sort((one, other) => one - other), perSecond: count / ((performance.now() - begun) / 1_000) };
}

/**
 * Makes calls at a steady rate for so long, whether or not the ones before are answered, as buyers come. One that gets no
 * answer counts with the time it was waited for.
 */
export async function timeArrivals(
  perSecond: number,
  seconds: number,
  call: (index: number) => Promise<unknown>,
): Promise<Times> {
  const times: number[] = [];
  const calls: Promise<void>[] = [];
  const count = perSecond * seconds;
  const begun = performance.now();
  await new Promise<void>((resolve) => {
    const timer = setInterval(() => {
      const due = Math.min(count, Math.floor(((performance.now() - begun) / 1_000) * perSecond));
      while (calls.length < due) {
        // From when it was due: a queue in front of the server is part of the wait.
        const from = begun + (calls.length / perSecond) * 1_000;
        const note = (): void => void times.push(performance.now() - from);
        calls.push(call(calls.length).then(note, note));
      }
      if (calls.length < count) return;
      clearInterval(timer);
      resolve();
    }, 2);
  });
  await Promise.all(calls);
  return times.sort((one, other) => one - other);
}

/** The value below which a share of the sorted times lies; 0.5 is the median. */
export function quantile(times: Times, share: number): number {
  return times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? Number.NaN;
}

/** A figure measured several times: its median, and the least and the most it was. */
export type Spread = { readonly median: number; readonly least: number; readonly most: number };

export function spreadOf(values: readonly number[]): Spread {
  const sorted = [...values].sort((one, other) => one - other);
  const [least = Number.NaN] = sorted;
  return { median: quantile(sorted, 0.5), least, most: sorted.at(-1) ?? Number.NaN };
}
