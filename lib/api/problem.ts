import { failureStatuses } from '@/lib/domain/failures.ts';
import type { Failure } from '@/lib/domain/result.ts';

import { isoText } from '@/lib/domain/time.ts';
import { closedPolicy, securityHeaders } from '@/lib/html/security-headers.ts';
import type { MerchantCall } from './call.ts';

/** The two halves of an answer: exactly one of them is not null. */
export type Outcome =
  | { readonly data: unknown; readonly error: null }
  | { readonly data: null; readonly error: WireError };

export type WireError = {
  readonly code: string;
  readonly message: string;
  readonly field?: string;
  readonly details?: Readonly<Record<string, unknown>>;
};

export function outcomeOfFailure({ code, message, field, details }: Failure): Outcome {
  const more = { ...(field === undefined ? {} : { field }), ...(details === undefined ? {} : { details }) };
  return { data: null, error: { code, message, ...more } };
}

/**
 * An answer in the envelope: data, error and meta are always there; the request id stands in a header as well. A 204
 * has no body.
 */
export function answer(
  call: MerchantCall,
  status: number,
  outcome: Outcome,
  more: Record<string, string> = {},
  meta: Readonly<Record<string, unknown>> = {},
): Response {
  if (status === 204) return new Response(null, { status, headers: { ...commonHeaders(call), ...more } });
  const envelope = { ...outcome, meta: { requestId: call.requestId, timestamp: isoText(call.now), ...meta } };
  return respond(call, status, envelope, more);
}

/** A document with a format of its own, outside the envelope. */
export function answerDocument(call: MerchantCall, document: object): Response {
  return respond(call, 200, document, {});
}

function respond(call: MerchantCall, status: number, body: object, more: Record<string, string>): Response {
  const headers = { ...commonHeaders(call), 'content-type': 'application/json; charset=utf-8', ...more };
  return new Response(call.method === 'HEAD' ? null : JSON.stringify(body), { status, headers });
}

/** What every answer to a merchant carries: no storing, no running, its request id and the figures of its allowance. */
export function commonHeaders(call: MerchantCall): Record<string, string> {
  return {
    ...securityHeaders,
    'cache-control': 'no-store',
    'content-security-policy': closedPolicy,
    'x-request-id': call.requestId,
    'x-ratelimit-limit': String(call.allowance.limit),
    'x-ratelimit-remaining': String(call.allowance.remaining),
    'x-ratelimit-reset': String(Math.ceil(call.allowance.fullAt / 1_000)),
  };
}

/** The answer to a failure, with its own status; a 429 and a 503 say when to come again. */
export function answerFailure(call: MerchantCall, failure: Failure, more: Record<string, string> = {}): Response {
  call.log.code = failure.code;
  if (failure.field !== undefined) call.log.reason = failure.field;
  const retry = failure.facts?.retryAfterSeconds;
  return answer(call, failureStatuses[failure.code], outcomeOfFailure(failure), {
    ...(typeof retry === 'number' ? { 'retry-after': String(retry) } : {}),
    ...more,
  });
}
