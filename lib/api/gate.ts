import { openSealedText, sealText } from '@/lib/crypto/sealed-box.ts';
import { fingerprint } from '@/lib/crypto/secret.ts';
import type { ApiKey } from '@/lib/data/api-keys.ts';
import { isDatabaseUnavailable } from '@/lib/data/db.ts';
import type { IdempotencyClaim } from '@/lib/data/idempotent-answers.ts';
import { ClaimLost } from '@/lib/data/idempotent-answers.ts';
import type { RequestToBegin } from '@/lib/data/merchant-requests.ts';
import type { SeenSignature } from '@/lib/data/request-signatures.ts';
import { findSignature } from '@/lib/data/request-signatures.ts';
import { findWorkspace } from '@/lib/data/workspaces.ts';
import type { FailureCode } from '@/lib/domain/failures.ts';
import { failureStatuses } from '@/lib/domain/failures.ts';
import { readId } from '@/lib/domain/ids.ts';
import type { MerchantAct } from '@/lib/domain/merchant-act.ts';
import { mayRepeat } from '@/lib/domain/replay.ts';
import type { Failure, Result } from '@/lib/domain/result.ts';
import { fail, succeed } from '@/lib/domain/result.ts';
import type { NeededScope } from '@/lib/domain/scopes.ts';
import { meetsScope, platformScope } from '@/lib/domain/scopes.ts';
import type { WorkspaceScope } from '@/lib/domain/viewer.ts';
import { errorFields } from '@/lib/log.ts';
import { beginMerchantRequest } from '@/lib/operations/begin-merchant-request.ts';
import { carryOutMerchantRequest } from '@/lib/operations/carry-out-merchant-request.ts';
import { noteReplay } from '@/lib/operations/note-replay.ts';
import { releaseMerchantRequest } from '@/lib/operations/release-merchant-request.ts';
import type { Runtime } from '@/lib/runtime.ts';
import { isMultipart, maxBodyBytes, readBody } from './body.ts';
import type { MerchantCall } from './call.ts';
import type { Credentials } from './credentials.ts';
import { findBearer, findSigner, nameOfKey, readCredentials } from './credentials.ts';
import { readBodyInput, readQueryInput } from './input.ts';
import { heavyLimit, readLimit, strangerLimit, writeLimit } from './limits.ts';
import { maxUploadBody, readUploadInput } from './multipart.ts';
import type { Outcome } from './problem.ts';
import { answer, answerFailure, outcomeOfFailure } from './problem.ts';
import type { AnyRoute } from './route.ts';

type Admitted = {
  readonly scope: WorkspaceScope;
  readonly by: MerchantAct;
  readonly params: Readonly<Record<string, string>>;
  readonly input: unknown;
};

type Checked = { readonly key: ApiKey; readonly signature: SeenSignature | null; readonly firstSight: boolean };

/**
 * Answers one request of a guarded route. In this order: size, header syntax, key, signature, time, replay, scope,
 * rate, body, idempotency, effect. Nothing before the signature tells whether the key exists.
 */
export async function serveGuarded(
  call: MerchantCall,
  route: AnyRoute,
  request: Request,
  params: Readonly<Record<string, string>>,
): Promise<Response> {
  const body = await readBody(request, route.upload === undefined ? maxBodyBytes : maxUploadBody(route.upload));
  if (!body.ok) return answerFailure(call, body.failure);
  const checked = await checkCaller(call, route, body.value);
  if (!checked.ok) return answerStranger(call, checked.failure);
  const { key, signature, firstSight } = checked.value;
  const isWrite = route.method !== 'GET';
  const toRemember = signature !== null && firstSight ? { ...signature, isWrite } : null;
  const remember = async (): Promise<void> => {
    if (toRemember === null) return;
    await beginMerchantRequest(call.runtime, { usedKey: key.id, signature: toRemember, idempotency: null });
  };
  /** A refused request is remembered too: sent again with other unsigned headers it stays refused. */
  const refuse = async (failure: Failure): Promise<Response> => {
    await remember();
    return answerFailure(call, failure);
  };

  const scoped = await findScope(call, key, route.scope);
  if (!scoped.ok) return refuse(scoped.failure);
  const scope = scoped.value;
  Object.assign(call.log, { workspaceId: scope.workspaceId, mode: scope.mode });

  if (route.testOnly === true && scope.mode === 'live') {
    return refuse({ code: 'not_found', message: 'There is no such route.' });
  }

  const whom = `${scope.workspaceId} ${scope.mode}`;
  const limit = route.heavy === true ? heavyLimit : isWrite ? writeLimit : readLimit;
  call.allowance = call.limits.take(limit, whom, call.now);
  if (!call.allowance.allowed) return refuse(tooMany(call.allowance.retryAfterSeconds));

  const idempotencyKey = isWrite ? call.headers.get('idempotency-key') : null;
  const input = await readInput(call, route, body.value, idempotencyKey);
  if (!input.ok) return refuse(input.failure);

  const path = call.rawTarget.replace(/^\/(api\/)?v1/, '');
  // Of a multipart body the file alone counts: what stands around it is made anew by each try.
  const told = route.upload === undefined ? body.value : (input.value as Uint8Array);
  const fields = [route.method, path, fingerprint(told), call.headers.get('x-plugipay-on-behalf-of')];
  const begin: RequestToBegin = {
    usedKey: key.id,
    signature: toRemember,
    idempotency:
      idempotencyKey === null
        ? null
        : { ...scope, key: idempotencyKey, fingerprint: fingerprint(JSON.stringify(fields)) },
  };
  const by = { keyName: nameOfKey(key), requestId: call.requestId, idempotencyKey };
  const admitted: Admitted = { scope, by, params, input: input.value };
  const notBegun = async (failure: Failure): Promise<Response> => {
    if (failure.code === 'replayed_request') await raiseReplayAlarm(call, key, false);
    return answerFailure(call, failure);
  };
  if (route.write !== undefined) {
    const write = (on: Runtime) => route.write({ call, on, ...admitted });
    const compose = (result: Result<unknown>, claim: IdempotencyClaim) => composeAnswer(call, route, result, claim);
    const carried = await carryOutMerchantRequest(call.runtime, begin, write, compose).catch(
      async (thrown: unknown) => {
        // Nothing of it is stored, except that it was seen.
        if (!isDatabaseUnavailable(thrown)) await remember().catch(() => undefined);
        throw thrown;
      },
    );
    if (!carried.ok) return notBegun(carried.failure);
    if (carried.value.is === 'answered') return answerAgain(call, scope, idempotencyKey ?? '', carried.value);
    const { result } = carried.value;
    return result.ok ? answerValue(call, route, result.value) : answerFailure(call, result.failure);
  }
  const begun = await beginMerchantRequest(call.runtime, begin);
  if (!begun.ok) return notBegun(begun.failure);
  if (begun.value.is === 'answered') return answerAgain(call, scope, idempotencyKey ?? '', begun.value);
  return runClaimed(call, route, admitted, begun.value.claim);
}

/** Header syntax, key, signature, time, replay. */
async function checkCaller(call: MerchantCall, route: AnyRoute, body: Uint8Array): Promise<Result<Checked>> {
  const idempotencyKey = call.headers.get('idempotency-key');
  if (route.method !== 'GET' && idempotencyKey !== null && !/^[\x20-\x7e]{1,255}$/.test(idempotencyKey)) {
    const message = 'Idempotency-Key must be 1 to 255 printable ASCII characters.';
    return fail('validation_error', message, { field: 'Idempotency-Key' });
  }
  const credentials = readCredentials(call.headers);
  if (!credentials.ok) return credentials;
  if (credentials.value.kind === 'bearer') {
    const key = await findBearer(call.runtime, credentials.value.key);
    if (!key.ok) return key;
    call.log.keyId = nameOfKey(key.value);
    return succeed({ key: key.value, signature: null, firstSight: false });
  }
  return checkSigned(call, route.method, credentials.value, body);
}

async function checkSigned(
  call: MerchantCall,
  method: string,
  { keyId, signature, timestamp }: Credentials & { kind: 'signed' },
  body: Uint8Array,
): Promise<Result<Checked>> {
  const { runtime, headers } = call;
  const idempotencyKey = headers.get('idempotency-key');
  const key = await findSigner(runtime, keyId, signature, {
    method,
    target: runtime.config.strippedPrefix + call.rawTarget,
    timestamp,
    body: isMultipart(headers) ? new Uint8Array() : body,
    idempotencyKey,
  });
  if (!key.ok) return key;
  call.log.keyId = keyId;
  if (Math.abs(Math.floor(call.now / 1_000) - Number(timestamp)) > 300) {
    const message = 'X-Plugipay-Timestamp is more than 300 seconds off.';
    return fail('timestamp_skew', message, { field: 'X-Plugipay-Timestamp' });
  }
  const unsigned = [headers.get('x-plugipay-on-behalf-of'), headers.get('x-plugipay-mode')];
  const seen: SeenSignature = { keyId, signature, unsignedHash: fingerprint(JSON.stringify(unsigned)), method };
  const first = await findSignature(runtime.read, keyId, signature);
  const repeated = { ...seen, isWrite: method !== 'GET', hasIdempotencyKey: idempotencyKey !== null };
  if (first !== null && !mayRepeat(first, repeated)) {
    await raiseReplayAlarm(call, key.value, first.unsignedHash !== seen.unsignedHash);
    return fail('replayed_request', 'This signed request was seen before.');
  }
  return succeed({ key: key.value, signature: seen, firstSight: first === null });
}

async function raiseReplayAlarm(call: MerchantCall, key: ApiKey, unsignedHeadersDiffer: boolean): Promise<void> {
  const keyName = nameOfKey(key);
  const fields = { requestId: call.requestId, keyId: keyName, workspaceId: key.workspaceId, mode: key.mode };
  call.runtime.log('warn', 'request.replay_refused', {
    ...fields,
    reason: unsignedHeadersDiffer ? 'other unsigned headers' : 'same request',
  });
  await noteReplay(call.runtime, key, { keyName, unsignedHeadersDiffer });
}

/** Whose rows this request may touch: the key's own, or those of the merchant a platform key acts for. */
async function findScope(
  call: MerchantCall,
  key: ApiKey,
  scopes: AnyRoute['scope'],
): Promise<Result<WorkspaceScope, 'insufficient_scope' | 'not_found' | 'validation_error'>> {
  const header = 'X-Plugipay-On-Behalf-Of';
  const accountId = call.headers.get(header);
  if (accountId !== null && !meetsScope(key.scopes, platformScope)) {
    return fail('insufficient_scope', `${header} needs ${platformScope}.`, { field: header });
  }
  const needed: readonly NeededScope[] = typeof scopes === 'string' ? [scopes] : scopes;
  if (!needed.some((one) => meetsScope(key.scopes, one))) {
    return fail('insufficient_scope', `This needs ${needed.join(' or ')}.`);
  }
  if (accountId === null) return succeed({ workspaceId: key.workspaceId, mode: key.mode });
  const mode = call.headers.get('x-plugipay-mode') ?? key.mode;
  if (mode !== 'live' && mode !== 'test') {
    return fail('validation_error', 'X-Plugipay-Mode must be test or live.', { field: 'X-Plugipay-Mode' });
  }
  if (mode === 'live' && key.mode === 'test') {
    return fail('insufficient_scope', 'A test key does not reach live data.', { field: 'X-Plugipay-Mode' });
  }
  const workspaceId = readId<'workspace'>(accountId);
  const known = workspaceId === null ? null : await findWorkspace(call.runtime.read, { workspaceId, mode });
  if (known === null || !call.runtime.config.modes.has(mode)) {
    return fail('not_found', 'There is no such account.', { field: header });
  }
  return succeed({ workspaceId: known.workspaceId, mode });
}

/** The query of a GET, the body of a write. */
async function readInput(
  call: MerchantCall,
  route: AnyRoute,
  body: Uint8Array,
  idempotencyKey: string | null,
): Promise<Result<unknown, 'validation_error' | 'unsupported_media_type' | 'payload_too_large'>> {
  if (idempotencyKey === null && route.strictIdempotency && call.runtime.config.strictIdempotency) {
    return fail('validation_error', 'Idempotency-Key is required here.', { field: 'Idempotency-Key' });
  }
  if (route.upload !== undefined) return readUploadInput(route.upload, call.headers, body);
  return route.method === 'GET'
    ? readQueryInput(route.input, call.rawTarget)
    : readBodyInput(route.input, call.headers, body);
}

async function runClaimed(
  call: MerchantCall,
  route: AnyRoute & { readonly run: NonNullable<AnyRoute['run']> },
  admitted: Admitted,
  claim: IdempotencyClaim | null,
): Promise<Response> {
  const compose = (result: Result<unknown>) => composeAnswer(call, route, result, claim);
  try {
    const result = await route.run({ call, ...admitted, answering: claim === null ? null : { claim, compose } });
    if (result.ok) return answerValue(call, route, result.value);
    if (claim !== null && !isKept(result.failure.code)) await releaseMerchantRequest(call.runtime, claim);
    return answerFailure(call, result.failure);
  } catch (thrown) {
    if (thrown instanceof ClaimLost) {
      const message = 'Another run of this request took over.';
      return answerFailure(call, { code: 'idempotency_in_progress', message, field: 'Idempotency-Key' });
    }
    if (claim !== null) {
      // Nothing of the effect is stored. If the claim cannot be given back either, its lease runs out.
      await releaseMerchantRequest(call.runtime, claim).catch(() => undefined);
    }
    throw thrown;
  }
}

async function answerValue(call: MerchantCall, route: AnyRoute, value: unknown): Promise<Response> {
  if (route.toResponse !== undefined) return route.toResponse(value, call);
  const data = route.toWire(value, call);
  return answer(call, route.successStatus, { data, error: null }, {}, route.toMeta?.(value));
}

/** What a retry within 24 hours will get. The answer may hold a live link, so it is sealed, for this row alone. */
function composeAnswer(
  call: MerchantCall,
  route: AnyRoute,
  result: Result<unknown>,
  claim: IdempotencyClaim | null,
): { status: number; answerSealed: string } | null {
  if (claim === null || (!result.ok && !isKept(result.failure.code))) return null;
  const { runtime } = call;
  const outcome: Outcome = result.ok
    ? { data: route.toWire(result.value, call), error: null }
    : outcomeOfFailure(result.failure);
  return {
    status: result.ok ? route.successStatus : failureStatuses[result.failure.code],
    answerSealed: sealText(
      runtime.config.rootKeys,
      JSON.stringify(outcome),
      contextOf(claim, claim.key),
      runtime.random,
    ),
  };
}

/** Kept for retries is what came of an effect, not what kept it from beginning or broke it. */
function isKept(code: FailureCode): boolean {
  const status = failureStatuses[code];
  return ![400, 401, 403, 429].includes(status) && status < 500;
}

function answerAgain(
  call: MerchantCall,
  scope: WorkspaceScope,
  key: string,
  kept: { status: number; answerSealed: string },
): Response {
  const text = openSealedText(call.runtime.config.rootKeys, kept.answerSealed, contextOf(scope, key));
  if (text === null) {
    const message = 'The stored answer cannot be read: its key is missing from the configuration.';
    return answerFailure(call, { code: 'service_unavailable', message });
  }
  const outcome: Outcome = JSON.parse(text);
  call.event = 'api.answered_again';
  if (outcome.error !== null) call.log.code = outcome.error.code;
  return answer(call, kept.status, outcome, { 'idempotency-replayed': 'true' });
}

function contextOf({ workspaceId, mode }: WorkspaceScope, key: string): string {
  return `idempotent-answer ${workspaceId} ${mode} ${key}`;
}

export function tooMany(retryAfterSeconds: number): Failure<'rate_limited'> {
  return { code: 'rate_limited', message: 'Too many requests.', facts: { retryAfterSeconds } };
}

/** Refuses somebody whose credentials do not hold; whoever keeps trying is slowed down by address. */
function answerStranger(call: MerchantCall, failure: Failure): Response {
  if (failureStatuses[failure.code] !== 401) return answerFailure(call, failure);
  call.allowance = call.limits.take(strangerLimit, call.peer, call.now);
  return answerFailure(call, call.allowance.allowed ? failure : tooMany(call.allowance.retryAfterSeconds));
}

/** The answer to an exception: 503 when the database cannot take the work now, else 500, with the request id alone. */
export function answerThrown(call: MerchantCall, thrown: unknown): Response {
  call.runtime.log('error', 'api.failed', { requestId: call.requestId, ...errorFields(thrown) });
  if (isDatabaseUnavailable(thrown)) {
    const facts = { retryAfterSeconds: 1 };
    return answerFailure(call, {
      code: 'service_unavailable',
      message: 'The service cannot take this request now.',
      facts,
    });
  }
  return answerFailure(call, { code: 'internal_error', message: 'Something went wrong here.' });
}
