import { makeLinkToken } from '@/lib/crypto/link-token.ts';
import { fingerprint, Secret } from '@/lib/crypto/secret.ts';
import { appendAudit } from '@/lib/data/audit-lines.ts';
import { findCustomer } from '@/lib/data/customers.ts';
import type { Writer } from '@/lib/data/db.ts';
import { refuseFlow } from '@/lib/data/find-flow-objects.ts';
import { appendEvent } from '@/lib/data/outbox.ts';
import { insertPortalSession } from '@/lib/data/portal-sessions.ts';
import { findConfigurationVersion, findWorkspace } from '@/lib/data/workspaces.ts';
import type { CustomerId, PortalSessionId } from '@/lib/domain/ids.ts';
import { newId } from '@/lib/domain/ids.ts';
import type { MerchantAct } from '@/lib/domain/merchant-act.ts';
import type { PortalFlow } from '@/lib/domain/portal-flow.ts';
import { wireFlow } from '@/lib/domain/portal-flow.ts';
import { linkLifetimeMs } from '@/lib/domain/portal-session.ts';
import type { Result } from '@/lib/domain/result.ts';
import { fail, succeed } from '@/lib/domain/result.ts';
import { readReturnUrl } from '@/lib/domain/return-url.ts';
import type { Instant } from '@/lib/domain/time.ts';
import { isoText } from '@/lib/domain/time.ts';
import type { CustomerScope, WorkspaceScope } from '@/lib/domain/viewer.ts';
import { wireArn } from '@/lib/domain/wire.ts';
import type { Runtime } from '@/lib/runtime.ts';

export type MintOrder = {
  /** Null for text that cannot be an id. */
  readonly customerId: CustomerId | null;
  /** As the merchant wrote it. */
  readonly returnUrl: string;
  /** The page to land on; its object is still to be found. */
  readonly flow: PortalFlow | null;
  readonly by: MerchantAct;
  /** Whether the customer may get one more link now; asked when the mint begins, and not for a repeat. */
  admit(): Result<null, 'rate_limited'>;
};

export type MintedPortalSession = CustomerScope & {
  readonly id: PortalSessionId;
  /** The portal link. It opens a buyer's billing account: never logged, never stored in the open. */
  readonly url: Secret;
  readonly returnUrl: string;
  readonly flow: PortalFlow | null;
  readonly createdAt: Instant;
  readonly expiresAt: Instant;
};

export type MintFailure = 'validation_error' | 'not_found' | 'conflict' | 'rate_limited';

/**
 * Mints one portal session for a customer: row, audit line and event in one transaction. Only the token's fingerprint
 * is stored. Fails with `rate_limited` by `admit`, `validation_error` for the return address and for a flow that is not offered, `not_found` for a customer of
 * another workspace or mode, unknown or deleted, and for a flow's object that is not theirs, `conflict` for a suspended workspace.
 */
export async function mintPortalSession(
  runtime: Runtime,
  scope: WorkspaceScope,
  order: MintOrder,
): Promise<Result<MintedPortalSession, MintFailure>> {
  const token = await makeLinkToken(runtime.config.rootKeys, runtime.epoch, runtime.random);
  return runtime.write((tx) => mint(runtime, tx, scope, order, token));
}

async function mint(
  runtime: Runtime,
  tx: Writer,
  scope: WorkspaceScope,
  order: MintOrder,
  token: string,
): Promise<Result<MintedPortalSession, MintFailure>> {
  const admitted = order.admit();
  if (!admitted.ok) return admitted;
  const workspace = await findWorkspace(tx, scope);
  if (workspace === null) return fail('not_found', 'There is no such workspace.');
  if (workspace.suspended) return fail('conflict', 'This workspace is suspended.');
  const { linkLifetimeSeconds, allowedReturnOrigins } = workspace.configuration;
  const returnUrl = readReturnUrl(order.returnUrl, { mode: scope.mode, allowedOrigins: allowedReturnOrigins });
  if (!returnUrl.ok) return returnUrl;
  const { customerId } = order;
  const customer = customerId === null ? null : await findCustomer(tx, { ...scope, customerId });
  if (customer === null) return fail('not_found', 'There is no such customer.', { field: 'customerId' });
  const { flow } = order;
  const reach = runtime.providers.reach(scope.mode);
  const refusal = flow === null ? null : await refuseFlow(tx, customer, workspace, reach, flow);
  if (refusal !== null) return { ok: false, failure: refusal };

  const now = runtime.now();
  const session = {
    workspaceId: scope.workspaceId,
    mode: scope.mode,
    id: newId('portalSession', now, runtime.random),
    customerId: customer.id,
    returnUrl: returnUrl.value,
    flow,
    createdAt: now,
    expiresAt: now + linkLifetimeMs(linkLifetimeSeconds),
  };
  await insertPortalSession(tx, {
    ...session,
    epoch: runtime.epoch,
    tokenHash: fingerprint(token),
    mintedByKeyId: order.by.keyName,
  });
  const entry = { actor: `key:${order.by.keyName}`, act: 'portal_session.minted', object: session.id } as const;
  await appendAudit(tx, scope, { ...entry, detail: { customerId: customer.id } }, now, runtime.random);
  const event = {
    what: 'portal_session.created',
    aggregateType: 'portal_session',
    aggregateId: session.id,
    object: {
      id: session.id,
      arn: wireArn(scope, 'portal-session', session.id),
      accountId: scope.workspaceId,
      customerId: customer.id,
      returnUrl: session.returnUrl,
      expiresAt: isoText(session.expiresAt),
      createdAt: isoText(session.createdAt),
    },
    extras: {
      flow: flow === null ? null : wireFlow(flow),
      configurationVersion: await findConfigurationVersion(tx, scope),
    },
    source: 'api',
    requestId: order.by.requestId,
    idempotencyKey: order.by.idempotencyKey,
  };
  await appendEvent(tx, scope, event, now, runtime.random);
  return succeed({ ...session, url: new Secret(`${runtime.config.origin}/p/${token}`) });
}
