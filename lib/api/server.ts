import type { Server } from 'node:http';
import type { Config } from '@/lib/config.ts';
import { ConfigProblem, readConfig } from '@/lib/config.ts';
import { errorFields } from '@/lib/log.ts';
import type { Runtime } from '@/lib/runtime.ts';
import { DatabaseNotOpened, runtime } from '@/lib/runtime.ts';
import type { Door } from './door.ts';
import { guardDoor } from './door.ts';

/** How long requests under way may take to finish once nothing new is accepted. */
const finishMs = 15_000;

export type StartedServer = {
  readonly runtime: Runtime;
  /** Runs when the process stops, after the last request and before the database closes. */
  onStop(work: () => Promise<void>): void;
};

/**
 * Starts what stands behind the HTTP server: configuration, guard at the door, database, graceful stop. A deployment
 * that cannot work ends here, with one message and exit code 1.
 */
export async function startServer(): Promise<StartedServer> {
  try {
    const config = readConfig();
    const { origin, trustedProxies } = config;
    const door = guardDoor({ origin: config.production ? origin : null, trustedProxies });
    const current = await runtime();
    const modes = [...config.modes].join(',');
    current.log('info', 'portal.started', { origin, modes, engine: current.engine });
    const works: (() => Promise<void>)[] = [];
    // In development Next restarts the process itself and must keep its own handlers.
    if (config.production) stopGracefully(config, current, door, works);
    return { runtime: current, onStop: (work) => void works.push(work) };
  } catch (thrown) {
    const { errorName, errorMessage } = errorFields(thrown);
    const message =
      thrown instanceof ConfigProblem || thrown instanceof DatabaseNotOpened
        ? errorMessage
        : `The database cannot be opened. ${errorName}: ${errorMessage}`;
    process.stderr.write(`The portal cannot start.\n${message}\n`);
    process.exit(1);
  }
}

/**
 * On SIGTERM: not ready and no connection kept, a few seconds for the balancer to notice, no new connections, requests
 * finish, database closes. On SIGINT the same without the wait. A second signal ends the process at once.
 */
function stopGracefully(config: Config, current: Runtime, door: Door, works: readonly (() => Promise<void>)[]): void {
  let stopping = false;
  const stop = async (signal: NodeJS.Signals): Promise<void> => {
    if (stopping) process.exit(1);
    stopping = true;
    current.drain();
    door.drain();
    current.log('info', 'portal.stopping', { reason: signal });
    if (signal === 'SIGTERM') await wait(config.drainSeconds * 1_000);
    const server = door.server();
    if (server !== null) await Promise.race([closeServer(server), wait(finishMs)]);
    for (const work of works) await work();
    await current.close();
    process.exit(0);
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    // Next's own handler would stop accepting at once, and leave without closing the database.
    process.removeAllListeners(signal);
    process.on(signal, () => void stop(signal));
  }
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeIdleConnections();
  });
}

function wait(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
  });
}
