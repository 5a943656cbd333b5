import { randomBytes } from 'node:crypto';
import { readConfig } from '@/lib/config.ts';
import { makeLinkToken } from '@/lib/crypto/link-token.ts';
import { fingerprint } from '@/lib/crypto/secret.ts';
import { insertPortalSession } from '@/lib/data/portal-sessions.ts';
import type { CustomerId, PortalSessionId } from '@/lib/domain/ids.ts';
import { newId } from '@/lib/domain/ids.ts';
import { linkLifetimeMs } from '@/lib/domain/portal-session.ts';
import type { WorkspaceScope } from '@/lib/domain/viewer.ts';
import { createApiKey } from '@/lib/operations/create-api-key.ts';
import { createWorkspace } from '@/lib/operations/create-workspace.ts';
import { importBillingData } from '@/lib/operations/import-billing-data.ts';
import type { Runtime } from '@/lib/runtime.ts';
import { makeRuntime, openDatabase } from '@/lib/runtime.ts';
import { readBillingLines } from '@/scripts/portal/read-billing-lines.ts';
import type { MerchantKey } from './merchant.ts';

/** Where the buyers of these data go back to. */
export const returnUrl = 'http://shop.localhost/account';

/** Opens a server's database beside the server, to lay data and to see what came of a run. Close it again. */
export async function openBeside(
  environment: Readonly<Record<string, string>>,
  wallClock: () => number = () => Math.floor(performance.timeOrigin + performance.now()),
): Promise<Runtime> {
  const config = readConfig(environment);
  const database = openDatabase(config);
  await database.migrate();
  return makeRuntime({
    config,
    database,
    wallClock,
    random: (bytes) => new Uint8Array(randomBytes(bytes)),
    writeLog: () => undefined,
  });
}

/** A merchant with customers of its own, each with one running subscription, two paid invoices and a card. */
export type LaidMerchant = {
  readonly scope: WorkspaceScope;
  readonly customers: readonly CustomerId[];
  readonly key: MerchantKey;
};

/** Lays a merchant through the operations; `name` keeps the ids of several merchants apart. */
export async function layMerchant(on: Runtime, name: string, customers: number): Promise<LaidMerchant> {
  const made = await createWorkspace(on, { name: `Kopi ${name}`, id: `acc_${name}`, brand: { country: 'ID' } });
  if (!made.ok) throw new Error(made.failure.message);
  const scope: WorkspaceScope = { workspaceId: made.value.workspaceId, mode: 'test' };
  const created = await createApiKey(on, scope, { kind: 'hmac', scopes: ['plugipay:portal:create'] });
  if (!created.ok) throw new Error(created.failure.message);
  await importLines(on, scope, billingLines(name, customers, on.now()));
  return {
    scope,
    customers: Array.from({ length: customers }, (_, index) => `cus_${name}_${index}` as CustomerId),
    key: { origin: on.config.origin, keyId: created.value.keyId, secret: created.value.secret.reveal() },
  };
}

/** Imports wire-shaped records as a merchant's file brings them. */
export async function importLines(
  on: Runtime,
  scope: WorkspaceScope,
  lines: readonly Readonly<Record<string, unknown>>[],
): Promise<void> {
  const bytes = new TextEncoder().encode(lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  const imported = await importBillingData(on, scope, () =>
    readBillingLines(
      (async function* () {
        yield bytes;
      })(),
      scope.workspaceId,
    ),
  );
  if (!imported.ok) throw new Error(JSON.stringify(imported.problems));
}

export type LaidLink = { readonly id: PortalSessionId; readonly token: string; readonly customerId: CustomerId };

/** Lays open links straight into the database, round the merchant's customers, in one transaction. */
export async function layLinks(on: Runtime, { scope, customers }: LaidMerchant, count: number): Promise<LaidLink[]> {
  const now = on.now();
  const links: LaidLink[] = [];
  while (links.length < count) {
    const customerId = customers[links.length % customers.length] ?? ('' as CustomerId);
    const token = await makeLinkToken(on.config.rootKeys, on.epoch, on.random);
    links.push({ id: newId('portalSession', now, on.random), token, customerId });
  }
  await on.write(async (tx) => {
    for (const { id, token, customerId } of links) {
      await insertPortalSession(tx, {
        ...scope,
        id,
        customerId,
        tokenHash: fingerprint(token),
        returnUrl,
        flow: null,
        createdAt: now,
        expiresAt: now + linkLifetimeMs(900),
        epoch: on.epoch,
        mintedByKeyId: null,
      });
    }
  });
  return links;
}

const day = 86_400_000;

function billingLines(name: string, customers: number, now: number): Record<string, unknown>[] {
  const iso = (at: number): string => new Date(at).toISOString();
  const began = iso(now - 70 * day);
  const lines: Record<string, unknown>[] = [
    {
      object: 'plan',
      id: `pln_${name}`,
      name: 'Roaster Club',
      interval: 'month',
      prices: [{ id: `prc_${name}`, planId: `pln_${name}`, currency: 'IDR', unitAmount: 149_000, createdAt: began }],
      createdAt: began,
    },
  ];
  for (let index = 0; index < customers; index += 1) {
    const own = `${name}_${index}`;
    lines.push(
      {
        object: 'customer',
        id: `cus_${own}`,
        name: `Dewi ${index}`,
        email: `dewi${index}@example.com`,
        createdAt: began,
      },
      {
        object: 'payment_method',
        id: `pt_${own}`,
        customerId: `cus_${own}`,
        type: 'card',
        adapter: 'simulated',
        providerToken: `simtok_${own}`,
        brand: 'visa',
        last4: '4242',
        expMonth: 9,
        expYear: 2099,
        isDefault: true,
        createdAt: began,
      },
      {
        object: 'subscription',
        id: `sub_${own}`,
        customerId: `cus_${own}`,
        planId: `pln_${name}`,
        priceId: `prc_${name}`,
        status: 'active',
        currentPeriodStart: iso(now - 10 * day),
        currentPeriodEnd: iso(now + 20 * day),
        createdAt: began,
      },
    );
    for (const [part, ago] of [
      ['a', 40],
      ['b', 10],
    ] as const) {
      const at = iso(now - ago * day);
      lines.push({
        object: 'invoice',
        id: `inv_${own}_${part}`,
        customerId: `cus_${own}`,
        subscriptionId: `sub_${own}`,
        status: 'paid',
        number: `INV-${name}-${index}-${part}`,
        currency: 'IDR',
        subtotal: 149_000,
        discount: 0,
        tax: 0,
        total: 149_000,
        amountPaid: 149_000,
        amountDue: 0,
        dueAt: at,
        issuedAt: at,
        paidAt: at,
        chargeId: `simch_${own}_${part}`,
        lines: [
          { id: `il_${own}_${part}`, description: 'Roaster Club', quantity: 1, unitAmount: 149_000, amount: 149_000 },
        ],
        attempts: [
          { id: `pa_${own}_${part}`, paymentTokenId: `pt_${own}`, amount: 149_000, status: 'succeeded', createdAt: at },
        ],
        createdAt: at,
      });
    }
  }
  return lines;
}
