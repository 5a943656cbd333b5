'use client';

import { QueryClient, QueryClientProvider, useQuery } from '@tanstack/react-query';
import { useState } from 'react';

/** What the status route answers: still waiting, or where the result stands. */
export type WaitStatus = { readonly state: 'waiting' } | { readonly state: 'done'; readonly href: string };

type Props = {
  /** Address of the status route. */
  statusPath: string;
  words: {
    readonly checking: string;
    readonly stopped: string;
    readonly ready: string;
    readonly seeResult: string;
  };
};

const quickMs = 3_000;
const slowMs = 10_000;
const quickForMs = 60_000;
const stopAfterMs = 600_000;

/** Asks for the status every 3 s, later every 10 s, for 10 minutes; tells once, and offers the result as a link. */
export function Watch(props: Props) {
  const [client] = useState(() => new QueryClient());
  return (
    <QueryClientProvider client={client}>
      <Status {...props} />
    </QueryClientProvider>
  );
}

function Status({ statusPath, words }: Props) {
  // Counted in checks, not by the device's clock: 20 quick ones are a minute.
  const [checks, setChecks] = useState(0);
  const waitedMs = checks * quickMs <= quickForMs ? checks * quickMs : quickForMs + (checks - 20) * slowMs;
  const isOver = waitedMs >= stopAfterMs;
  const { data } = useQuery({
    queryKey: [statusPath],
    queryFn: async (): Promise<WaitStatus> => {
      setChecks((count) => count + 1);
      return askStatus(statusPath);
    },
    refetchInterval: (query) => {
      if (query.state.data?.state === 'done' || isOver) return false;
      return waitedMs < quickForMs ? quickMs : slowMs;
    },
    refetchIntervalInBackground: false,
    retry: false,
  });
  const isDone = data?.state === 'done';
  return (
    <div className="mt-4">
      <p role="status">{isDone ? words.ready : ''}</p>
      {isDone ? (
        <p className="mt-2">
          <a
            href={data.href}
            className="inline-flex min-h-11 w-full items-center justify-center rounded-corner border border-accent bg-accent px-4 py-2 text-center font-semibold text-accent-ink no-underline hover:underline sm:w-auto"
          >
            {words.seeResult}
          </a>
        </p>
      ) : (
        <p className="text-quiet">{isOver ? words.stopped : words.checking}</p>
      )}
    </div>
  );
}

/** A session that is over, or a server that is, changes nothing here: "Check again" leads to what can be said of it. */
async function askStatus(path: string): Promise<WaitStatus> {
  const answer = await fetch(path, { headers: { accept: 'application/json' }, cache: 'no-store' });
  if (!answer.ok) return { state: 'waiting' };
  const status: unknown = await answer.json();
  if (typeof status !== 'object' || status === null || !('href' in status)) return { state: 'waiting' };
  return typeof status.href === 'string' ? { state: 'done', href: status.href } : { state: 'waiting' };
}
