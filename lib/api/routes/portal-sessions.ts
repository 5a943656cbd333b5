import { z } from '@hono/zod-openapi';
import { flag, idText } from '@/lib/api/fields.ts';
import { flowField, readFlow } from '@/lib/api/flow-field.ts';
import { tooMany } from '@/lib/api/gate.ts';
import { mintLimit } from '@/lib/api/limits.ts';
import { makeRoute } from '@/lib/api/route.ts';
import { readId } from '@/lib/domain/ids.ts';
import { wireFlow } from '@/lib/domain/portal-flow.ts';
import type { Result } from '@/lib/domain/result.ts';
import { succeed } from '@/lib/domain/result.ts';
import { isoText } from '@/lib/domain/time.ts';
import { wireArn } from '@/lib/domain/wire.ts';
import type { MintedPortalSession } from '@/lib/operations/mint-portal-session.ts';
import { mintPortalSession } from '@/lib/operations/mint-portal-session.ts';
import type { Revoked } from '@/lib/operations/revoke-portal-sessions.ts';
import { revokePortalSessions } from '@/lib/operations/revoke-portal-sessions.ts';

const mintBody = z
  .strictObject({
    customerId: z.string().min(1).openapi({ example: 'cus_01KE8MNV20K93YTXQPXJRTN16Z' }),
    returnUrl: z.string().min(1).openapi({ example: 'https://shop.example.com/account' }),
    flow: flowField.optional(),
  })
  .openapi('MintPortalSession');

/** The answer on the wire, for the published description of the API. */
const portalSession = z
  .object({
    id: z.string(),
    arn: z.string(),
    accountId: z.string(),
    customerId: z.string(),
    url: z
      .string()
      .openapi({ description: 'The one-shot link. Answer your buyer with 303 to it; never store or mail it.' }),
    returnUrl: z.string(),
    flow: flowField.optional(),
    expiresAt: z.iso.datetime(),
    createdAt: z.iso.datetime(),
  })
  .openapi('PortalSession');

/** `POST /portal-sessions`: mints the link a merchant sends its buyer to. */
export const mintRoute = makeRoute<z.infer<typeof mintBody>, MintedPortalSession>({
  method: 'POST',
  path: '/portal-sessions',
  scope: 'plugipay:portal:create',
  successStatus: 201,
  strictIdempotency: true,
  summary: 'Mint a portal session',
  tag: 'Portal sessions',
  input: mintBody,
  answer: portalSession,
  async write({ call, on, scope, by, input }) {
    const customerId = readId<'customer'>(input.customerId);
    const whom = `${scope.workspaceId} ${scope.mode} ${customerId}`;
    const admit = (): Result<null, 'rate_limited'> => {
      const { allowed, retryAfterSeconds } = call.limits.take(mintLimit, whom, call.now);
      return allowed ? succeed(null) : { ok: false, failure: tooMany(retryAfterSeconds) };
    };
    const flow = input.flow === undefined ? null : readFlow(input.flow);
    const minted = await mintPortalSession(on, scope, { customerId, returnUrl: input.returnUrl, flow, by, admit });
    if (minted.ok) {
      call.event = 'portal_session.minted';
      Object.assign(call.log, {
        customerId: minted.value.customerId,
        portalSessionId: minted.value.id,
        expiresAt: isoText(minted.value.expiresAt),
        returnOrigin: new URL(minted.value.returnUrl).origin,
      });
    }
    return minted;
  },
  toWire: (session) => ({
    id: session.id,
    arn: wireArn(session, 'portal-session', session.id),
    accountId: session.workspaceId,
    customerId: session.customerId,
    url: session.url.reveal(),
    returnUrl: session.returnUrl,
    ...(session.flow === null ? {} : { flow: wireFlow(session.flow) }),
    expiresAt: isoText(session.expiresAt),
    createdAt: isoText(session.createdAt),
  }),
});

const revokeBody = z
  .strictObject({
    portalSessionId: idText.optional(),
    customerId: idText.optional(),
    endBrowserSessions: flag.default(true),
  })
  .refine((given) => (given.portalSessionId === undefined) !== (given.customerId === undefined), {
    message: 'give exactly one of portalSessionId and customerId',
    path: ['portalSessionId'],
  })
  .openapi('RevokePortalSessions');

const revoked = z
  .object({ customerId: z.string(), linksRevoked: z.int(), browserSessionsEnded: z.int() })
  .openapi('RevokedPortalSessions');

/** `POST /portal-sessions/revoke`: switches links off, and ends the browser sessions they opened. */
export const revokeRoute = makeRoute<z.infer<typeof revokeBody>, Revoked>({
  method: 'POST',
  path: '/portal-sessions/revoke',
  scope: 'plugipay:portal:write',
  successStatus: 200,
  strictIdempotency: false,
  summary: 'Revoke links of a customer, or one link',
  tag: 'Portal sessions',
  input: revokeBody,
  answer: revoked,
  write: ({ on, scope, by, input }) => {
    const { portalSessionId, customerId, endBrowserSessions } = input;
    const of =
      customerId === undefined
        ? { portalSessionId: readId<'portalSession'>(portalSessionId) }
        : { customerId: readId<'customer'>(customerId) };
    return revokePortalSessions(on, scope, by, { of, endBrowserSessions });
  },
  toWire: (value) => value,
});
