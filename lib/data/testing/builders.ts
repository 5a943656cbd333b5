import { makeLinkToken } from '@/lib/crypto/link-token.ts';
import { fingerprint } from '@/lib/crypto/secret.ts';
import { insertPortalSession } from '@/lib/data/portal-sessions.ts';
import type { BrowserSession } from '@/lib/domain/browser-session.ts';
import { type CustomerId, newId, type PortalSessionId, type WorkspaceId } from '@/lib/domain/ids.ts';
import type { Instant } from '@/lib/domain/time.ts';
import type { Mode, Viewer } from '@/lib/domain/viewer.ts';
import type { Runtime } from '@/lib/runtime.ts';

/** A workspace with both modes, as rows; `configuration` holds only what differs from the complete one. */
export async function aWorkspace(
  on: Runtime,
  given: { name?: string; brand?: object; configuration?: object } = {},
): Promise<WorkspaceId> {
  const now = on.now();
  const id = newId('workspace', now, on.random);
  await on.write(async (tx) => {
    const name = given.name ?? 'Kopi Senja';
    await tx.insertInto('workspaces').values({ id, name, suspendedAt: null, createdAt: now, updatedAt: now }).execute();
    for (const mode of ['live', 'test'] as const) {
      await tx
        .insertInto('workspaceModes')
        .values({
          workspaceId: id,
          mode,
          brand: JSON.stringify(given.brand ?? {}),
          logoType: null,
          logoBase64: null,
          logoHash: null,
          configuration: JSON.stringify(given.configuration ?? {}),
          configurationVersion: 1,
          updatedAt: now,
        })
        .execute();
    }
  });
  return id;
}

/** A customer of a workspace, as a row. */
export async function aCustomer(
  on: Runtime,
  workspaceId: WorkspaceId,
  given: { mode?: Mode; email?: string | null; name?: string | null; deletedAt?: Instant } = {},
): Promise<CustomerId> {
  const now = on.now();
  const id = newId('customer', now, on.random);
  await on.write((tx) =>
    tx
      .insertInto('customers')
      .values({
        id,
        workspaceId,
        mode: given.mode ?? 'test',
        externalId: null,
        email: given.email === undefined ? 'dewi@example.com' : given.email,
        name: given.name === undefined ? 'Dewi Lestari' : given.name,
        phone: null,
        taxId: null,
        legalName: null,
        address: null,
        defaultPaymentMethodId: null,
        metadata: null,
        clockAheadMs: 0,
        deletedAt: given.deletedAt ?? null,
        createdAt: now,
        updatedAt: now,
      })
      .execute(),
  );
  return id;
}

/** An open portal link of a customer: its token and the id of its row. */
export async function aLink(
  on: Runtime,
  workspaceId: WorkspaceId,
  customerId: CustomerId,
  given: { mode?: Mode; returnUrl?: string; lifeSeconds?: number; epoch?: number } = {},
): Promise<{ token: string; id: PortalSessionId; expiresAt: Instant }> {
  const now = on.now();
  const epoch = given.epoch ?? on.epoch;
  const token = await makeLinkToken(on.config.rootKeys, epoch, on.random);
  const id = newId('portalSession', now, on.random);
  const expiresAt = now + (given.lifeSeconds ?? 600) * 1_000;
  await on.write((tx) =>
    insertPortalSession(tx, {
      id,
      workspaceId,
      mode: given.mode ?? 'test',
      customerId,
      tokenHash: fingerprint(token),
      returnUrl: given.returnUrl ?? 'https://shop.example.com/account',
      flow: null,
      createdAt: now,
      expiresAt,
      epoch,
      mintedByKeyId: null,
    }),
  );
  return { token, id, expiresAt };
}

/** The viewer a live browser session stands for, with billing time the clock's. */
export function aViewer(on: Runtime, session: BrowserSession): Viewer {
  const { workspaceId, mode, customerId, id, portalSessionId } = session;
  return { workspaceId, mode, customerId, browserSessionId: id, portalSessionId, now: on.now() } as Viewer;
}
