import type { z } from '@hono/zod-openapi';
import type { Answering } from '@/lib/data/idempotent-answers.ts';
import type { MerchantAct } from '@/lib/domain/merchant-act.ts';
import type { Result } from '@/lib/domain/result.ts';
import type { NeededScope } from '@/lib/domain/scopes.ts';
import type { WorkspaceScope } from '@/lib/domain/viewer.ts';
import type { Runtime } from '@/lib/runtime.ts';
import type { MerchantCall } from './call.ts';
import type { UploadField } from './multipart.ts';

/** A route of the merchant API that needs a key: what it asks for, and what it does with a request that passed. */
export type GuardedRoute<I, T> = RouteFacts<I, T> & (PlainWrite<I, T> | AnyAct<I, T>);

/**
 * A write whose whole effect is one transaction: the usual kind, and one sentence. It calls one operation on `on`, whose
 * one write carries the signature, the idempotency key, the effect and the stored answer together: a process that dies
 * leaves all of it or nothing, and a repeat gets its answer at once.
 *
 * The operation opens one transaction at most and answers what its work answers, or refuses without one. Its work waits
 * for nothing but its queries and may run twice, so it changes nothing outside the database. A unique violation is
 * caught around the write, never within.
 */
type PlainWrite<I, T> = {
  write(request: WriteRequest<I>): Promise<Result<T>>;
  readonly run?: never;
};

/**
 * A read; or a write with more than one transaction, such as one that asks a payment provider in between. Of such a
 * write the idempotency key is claimed beforehand, in a transaction of its own, and the operation settles `answering` in the transaction of its effect. A process that dies in between leaves a claim that holds for 30 s.
 */
type AnyAct<I, T> = {
  run(request: AdmittedRequest<I, T>): Promise<Result<T>>;
  readonly write?: never;
};

type RouteFacts<I, T> = {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** Without the prefix, the same under `/api/v1` and `/v1`; parameters in braces: `/customers/{id}`. */
  readonly path: string;
  /** What the key must allow; of several, one is enough. */
  readonly scope: NeededScope | readonly NeededScope[];
  readonly successStatus: 200 | 201 | 204 | 302;
  /** The strict setting demands an idempotency key here. */
  readonly strictIdempotency: boolean;
  /** Only a test key finds this route; with a live one it is 404. */
  readonly testOnly?: boolean;
  /** Counts against the few heavy requests a minute. */
  readonly heavy?: boolean;
  /** Takes a multipart body with one file in place of JSON; its bytes are the input. */
  readonly upload?: UploadField;
  /** One line for the published description. */
  readonly summary: string;
  /** The noun the published description groups it under. */
  readonly tag: string;
  /** The query of a GET, the body of a write. Unknown names are refused: make it strict. */
  readonly input: z.ZodType<I>;
  /** The shape `toWire` makes, for the published description; null where there is no body. */
  readonly answer: z.ZodType | null;
  toWire(value: T, call: MerchantCall): unknown;
  /** More of `meta`: what a list says of its pages. */
  toMeta?(value: T): Readonly<Record<string, unknown>>;
  /** An answer outside the envelope, such as a PDF. GET alone. */
  toResponse?(value: T, call: MerchantCall): Response | Promise<Response>;
};

/** A request that passed every check: who asks, for which workspace and mode, and with what. */
export type AdmittedRequest<I, T> = {
  readonly call: MerchantCall;
  readonly scope: WorkspaceScope;
  /** Who acts, for the audit log and events. */
  readonly by: MerchantAct;
  /** Parts of the path by the names in the route's braces, decoded; ids are still to be read. */
  readonly params: Readonly<Record<string, string>>;
  readonly input: I;
  /** To be settled by the operation in the transaction of its effect; null without an idempotency key. */
  readonly answering: Answering<T> | null;
};

/** The same for a plain write: `on` is the only way to the database. */
export type WriteRequest<I> = Omit<AdmittedRequest<I, never>, 'call' | 'answering'> & {
  readonly call: Omit<MerchantCall, 'runtime'>;
  readonly on: Runtime;
};

/** A route of any input and value, for tables of routes. `makeRoute` makes it from a typed one. */
export type AnyRoute = GuardedRoute<unknown, unknown>;

/**
 * Hands a typed route to the table of routes. Its own schema reads its input and its own `run` makes the value its
 * `toWire` gets, so forgetting the two types loses nothing.
 */
export function makeRoute<I, T>(route: GuardedRoute<I, T>): AnyRoute {
  return route as unknown as AnyRoute;
}
