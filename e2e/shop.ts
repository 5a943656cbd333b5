import type { CustomerId } from '@/lib/domain/ids.ts';
import type { Mode, WorkspaceScope } from '@/lib/domain/viewer.ts';
import type { BrandSettings, ConfigurationSettings } from '@/lib/domain/workspace-settings.ts';
import { createApiKey } from '@/lib/operations/create-api-key.ts';
import { createWorkspace } from '@/lib/operations/create-workspace.ts';
import { importBillingData } from '@/lib/operations/import-billing-data.ts';
import type { Runtime } from '@/lib/runtime.ts';
import { readBillingLines } from '@/scripts/portal/read-billing-lines.ts';
import type { Buyer, BuyerWish } from './buyer-lines.ts';
import { buyerLines, newOwn } from './buyer-lines.ts';
import type { MerchantKey, PortalSession } from './merchant.ts';
import { mintPortalSession } from './merchant.ts';
import type { ShopSite } from './shop-site.ts';
import { startShopSite } from './shop-site.ts';

/** A workspace of one spec's own, with its key and its site. Buyers come in as the import takes them. */
export type Shop = {
  readonly name: string;
  readonly scope: WorkspaceScope;
  readonly key: MerchantKey;
  readonly site: ShopSite;
  addBuyer(wish?: BuyerWish): Promise<Buyer>;
  /** Mints over signed HTTP, as the merchant's server does. */
  mint(buyer: Buyer, returnUrl?: string): Promise<PortalSession>;
  close(): Promise<void>;
};

export type ShopWish = {
  readonly name?: string;
  readonly mode?: Mode;
  readonly brand?: BrandSettings;
  readonly configuration?: ConfigurationSettings;
  /** Bodies of pages of the shop's site beside its account page, by path. */
  readonly pages?: Readonly<Record<string, string>>;
};

/** Opens a workspace on the portal whose database `beside` is. */
export async function openShop(beside: Runtime, wish: ShopWish = {}): Promise<Shop> {
  const name = wish.name ?? 'Kopi Senja';
  const created = await createWorkspace(beside, {
    name,
    brand: { name, country: 'ID', legalName: 'PT Kopi Senja Nusantara', ...wish.brand },
    configuration: { supportEmail: 'halo@kopisenja.example', ...wish.configuration },
  });
  if (!created.ok) throw new Error(created.failure.message);
  const scope: WorkspaceScope = { workspaceId: created.value.workspaceId, mode: wish.mode ?? 'test' };
  const made = await createApiKey(beside, scope, { kind: 'hmac', scopes: ['plugipay:portal:write'] });
  if (!made.ok) throw new Error(made.failure.message);
  const key = { origin: beside.config.origin, keyId: made.value.keyId, secret: made.value.secret.reveal() };
  const site = await startShopSite(key, wish.pages);
  return {
    name,
    scope,
    key,
    site,
    async addBuyer(buyerWish = {}) {
      const { lines, buyer } = buyerLines(newOwn(), beside.now(), buyerWish);
      await bringIn(beside, scope, lines);
      return buyer;
    },
    mint: (buyer, returnUrl = site.accountOf(buyer.customerId)) =>
      mintPortalSession(key, buyer.customerId as CustomerId, returnUrl),
    close: () => site.stop(),
  };
}

/** Takes wire-shaped lines in, all or none. */
export async function bringIn(beside: Runtime, scope: WorkspaceScope, lines: readonly string[]): Promise<void> {
  const bytes = new TextEncoder().encode(`${lines.join('\n')}\n`);
  const result = await importBillingData(beside, scope, () =>
    readBillingLines(
      (async function* () {
        yield bytes;
      })(),
      scope.workspaceId,
    ),
  );
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
}
