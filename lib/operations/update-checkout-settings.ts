import { fingerprint } from '@/lib/crypto/secret.ts';
import { changeWorkspaceSettings, SettingsMoved } from '@/lib/data/change-workspace-settings.ts';
import type { Writer } from '@/lib/data/db.ts';
import { causeOfMerchant } from '@/lib/data/tell-of-change.ts';
import { findOwnUpload } from '@/lib/data/uploads.ts';
import type { StoredLogo } from '@/lib/data/workspaces.ts';
import { findWorkspace, findWorkspaceSettings } from '@/lib/data/workspaces.ts';
import type { CheckoutSettings, MethodSettings, MethodSupport } from '@/lib/domain/checkout-settings.ts';
import { supportOf } from '@/lib/domain/checkout-settings.ts';
import type { MerchantAct } from '@/lib/domain/merchant-act.ts';
import type { Result } from '@/lib/domain/result.ts';
import { fail, succeed } from '@/lib/domain/result.ts';
import { readPictureUrl } from '@/lib/domain/upload.ts';
import type { WorkspaceScope } from '@/lib/domain/viewer.ts';
import type { BrandSettings } from '@/lib/domain/workspace-settings.ts';
import { checkBrand, checkWholeConfiguration, readLogo } from '@/lib/domain/workspace-settings.ts';
import type { Runtime } from '@/lib/runtime.ts';

/** What of the checkout settings changes; absent ones stay, null clears. */
export type CheckoutChange = {
  readonly brand: BrandSettings;
  readonly methods: MethodSettings;
  /** Address of an uploaded picture, null for no logo. */
  readonly logoUrl?: string | null | undefined;
};

/** Names of the brand on the wire, where they differ. */
const wireNames: Readonly<Record<string, string>> = {
  name: 'brandName',
  accentColor: 'brandAccentColor',
  tagline: 'brandTagline',
  phone: 'businessPhone',
  email: 'businessEmail',
  address: 'businessAddress',
  taxId: 'businessTaxId',
  taxRateBasisPoints: 'receiptTemplate.taxRate',
  ...Object.fromEntries(
    ['taxLabel', 'thankYouText', 'footerText', 'cashierLabel', 'merchantAddress', 'merchantTaxId'].map((name) => [
      name,
      `receiptTemplate.${name}`,
    ]),
  ),
};

/**
 * Changes brand, business, receipts and payment methods of a workspace in one mode; the next page and the next document
 * show it. Fails with `validation_error` and the field, and with `conflict` when somebody else changed the settings in
 * this moment.
 */
export async function updateCheckoutSettings(
  on: Runtime,
  scope: WorkspaceScope,
  by: MerchantAct,
  change: CheckoutChange,
): Promise<Result<CheckoutSettings>> {
  const problem = checkBrand(change.brand);
  if (problem !== null) {
    const field = wireNames[problem.field ?? ''] ?? problem.field ?? '';
    return fail('validation_error', `${field}: ${problem.message}`, { field });
  }
  try {
    return await on.write((tx) => update(on, tx, scope, by, change));
  } catch (thrown) {
    if (!(thrown instanceof SettingsMoved)) throw thrown;
    return fail('conflict', 'These settings were changed by somebody else in this moment. Try again.');
  }
}

async function update(
  on: Runtime,
  tx: Writer,
  scope: WorkspaceScope,
  by: MerchantAct,
  { brand, methods, logoUrl }: CheckoutChange,
): Promise<Result<CheckoutSettings>> {
  const support = supportOf(on.providers.forNew(scope.mode));
  const [workspace, before] = [await findWorkspace(tx, scope), await findWorkspaceSettings(tx, scope)];
  if (workspace === null || before === null) return fail('not_found', 'There is no such workspace.');
  if (brand.email === null) {
    const lonely = checkWholeConfiguration(workspace.configuration, { email: null });
    if (lonely !== null) {
      const message =
        'businessEmail: with cancelling off, this address, supportEmail or supportUrl must name whom to ask.';
      return fail('validation_error', message, { field: 'businessEmail' });
    }
  }
  const strange = findStrangeAdapter(methods, before.checkout, support);
  if (strange !== null) {
    const field = `methodAdapter.${strange}`;
    return fail('validation_error', `${field}: no such adapter takes this method here.`, { field });
  }
  const logo = await findLogo(on, tx, scope, before.logoPath, logoUrl);
  if (!logo.ok) return logo;
  const settings = {
    ...(Object.keys(brand).length === 0 ? {} : { brand }),
    ...(Object.keys(methods).length === 0 ? {} : { checkout: methods }),
    ...(logo.value === undefined ? {} : { logo: logo.value }),
  };
  if (Object.keys(settings).length > 0) {
    await changeWorkspaceSettings(tx, scope, settings, causeOfMerchant(by), on.now(), on.random);
  }
  const after = await findWorkspaceSettings(tx, scope);
  if (after === null) return fail('not_found', 'There is no such workspace.');
  return succeed({ brand: after.brand, logoPath: after.logoPath, methods: after.checkout, support });
}

/** The picture an address names: undefined where the logo stays as it is, null where there is to be none. */
async function findLogo(
  on: Runtime,
  tx: Writer,
  scope: WorkspaceScope,
  standing: string | null,
  url: string | null | undefined,
): Promise<Result<StoredLogo | null | undefined>> {
  if (url === undefined || url === null) return succeed(url);
  const picture = readPictureUrl(url, on.config.origin);
  if (picture !== null && 'logoPath' in picture && picture.logoPath === standing) return succeed(undefined);
  const upload = picture !== null && 'upload' in picture ? await findOwnUpload(tx, scope, picture.upload) : null;
  if (upload === null) {
    const message =
      'brandLogoUrl: must be the url of a picture uploaded here (POST /uploads/image), or null for no logo.';
    return fail('validation_error', message, { field: 'brandLogoUrl' });
  }
  const logo = readLogo(upload.bytes);
  if (!logo.ok) return fail('validation_error', `brandLogoUrl: ${logo.failure.message}`, { field: 'brandLogoUrl' });
  return succeed({ ...logo.value, hash: fingerprint(upload.bytes) });
}

/** A method that is given to an adapter which does not take it here; what stands already may be sent again. */
function findStrangeAdapter(methods: MethodSettings, before: MethodSettings, support: MethodSupport): string | null {
  const strange = Object.entries(methods.methodAdapter ?? {}).find(([method, adapter]) => {
    const takers: readonly string[] = new Map(Object.entries(support)).get(method) ?? [];
    const standing = new Map(Object.entries(before.methodAdapter ?? {})).get(method);
    return adapter !== standing && !takers.includes(adapter);
  });
  return strange?.[0] ?? null;
}
