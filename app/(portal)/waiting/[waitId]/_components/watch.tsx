'use client';

import { QueryClient, QueryClientProvider, useQuery } from '@tanstack/react-query';
import { type ReactNode, useEffect, useState } from 'react';
import { ButtonLink } from '@/components/ui/button.tsx';

/** What the status route answers: still waiting, or where the result stands. */
export type WaitStatus = { readonly state: 'waiting' } | { readonly state: 'done'; readonly href: string };

type Props = {
  /** Address of the status route. */
  statusPath: string;
  /** Address of this page, for looking again without script. */
  here: string;
  words: {
    /** The heading while it waits, and once there is a result. */
    readonly waiting: string;
    readonly ready: string;
    readonly merchant: string;
    readonly checking: string;
    readonly stopped: string;
    readonly checkAgain: string;
    readonly seeResult: string;
  };
  /** What is said while it waits. */
  children: ReactNode;
};

const quickMs = 3_000;
const slowMs = 10_000;
const quickForMs = 60_000;
const stopAfterMs = 600_000;

/** Asks for the status every 3 s, later every 10 s, for 10 minutes; then heading and text give way to the result, as a link. */
export function Watch(props: Props) {
  const [client] = useState(() => new QueryClient());
  return (
    <QueryClientProvider client={client}>
      <Status {...props} />
    </QueryClientProvider>
  );
}

function Status({ statusPath, here, words, children }: Props) {
  // Without script nothing looks by itself, and nothing says so.
  const [isWatching, setWatching] = useState(false);
  useEffect(() => setWatching(true), []);
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
  const title = isDone ? words.ready : words.waiting;
  return (
    <>
      <title>{`${title} · ${words.merchant}`}</title>
      <h1 id="title" tabIndex={-1} className="mt-6 mb-1 text-2xl font-bold">
        {title}
      </h1>
      <p role="status" className="sr-only">
        {isDone ? words.ready : ''}
      </p>
      {isDone ? (
        <p className="mt-4">
          <ButtonLink href={data.href} look="main">
            {words.seeResult}
          </ButtonLink>
        </p>
      ) : (
        <>
          {children}
          <p className="mt-4">
            <ButtonLink href={here}>{words.checkAgain}</ButtonLink>
          </p>
          {isWatching ? <p className="mt-4 text-quiet">{isOver ? words.stopped : words.checking}</p> : null}
        </>
      )}
    </>
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
