import type { MethodSettings } from '@/lib/domain/checkout-settings.ts';
import type { WorkspaceId } from '@/lib/domain/ids.ts';
import { presets } from '@/lib/domain/portal-presets.ts';
import type { Instant } from '@/lib/domain/time.ts';
import type { Mode, WorkspaceScope } from '@/lib/domain/viewer.ts';
import type { Brand, PortalConfiguration, Workspace } from '@/lib/domain/workspace.ts';
import { completeConfiguration } from '@/lib/domain/workspace.ts';
import type { BrandSettings, ConfigurationSettings, Logo } from '@/lib/domain/workspace-settings.ts';
import type { Reader, Writer } from './db.ts';

/** A workspace in one mode with its brand and its whole configuration, or null. */
export async function findWorkspace(read: Reader, scope: WorkspaceScope): Promise<Workspace | null> {
  const row = await read
    .selectFrom('workspaces')
    .innerJoin('workspaceModes', 'workspaceModes.workspaceId', 'workspaces.id')
    .select(['workspaces.id', 'name', 'suspendedAt', 'mode', 'brand', 'logoHash', 'configuration'])
    .where('workspaces.id', '=', scope.workspaceId)
    .where('mode', '=', scope.mode)
    .executeTakeFirst();
  if (row === undefined) return null;
  return {
    workspaceId: row.id as WorkspaceId,
    mode: row.mode,
    name: row.name,
    suspended: row.suspendedAt !== null,
    brand: readBrand(row.name, row.brand, row.logoHash),
    configuration: fillConfiguration(JSON.parse(row.configuration)),
  };
}

/** How often the configuration of a workspace and mode was changed; null when there is no such workspace. */
export async function findConfigurationVersion(read: Reader, scope: WorkspaceScope): Promise<number | null> {
  const row = await read
    .selectFrom('workspaceModes')
    .select('configurationVersion')
    .where('workspaceId', '=', scope.workspaceId)
    .where('mode', '=', scope.mode)
    .executeTakeFirst();
  return row?.configurationVersion ?? null;
}

/** The encrypted key of a workspace's signed results, bound to `resultSecretContext`; null where it has none. */
export async function findResultSecret(read: Reader, scope: WorkspaceScope): Promise<string | null> {
  const row = await read
    .selectFrom('workspaceModes')
    .select('resultSecretSealed')
    .where('workspaceId', '=', scope.workspaceId)
    .where('mode', '=', scope.mode)
    .executeTakeFirst();
  return row?.resultSecretSealed ?? null;
}

export async function setResultSecret(tx: Writer, scope: WorkspaceScope, sealed: string): Promise<void> {
  await tx
    .updateTable('workspaceModes')
    .set({ resultSecretSealed: sealed })
    .where('workspaceId', '=', scope.workspaceId)
    .where('mode', '=', scope.mode)
    .execute();
}

/** What the key of signed results is bound to, so that it serves no other row. */
export function resultSecretContext({ workspaceId, mode }: WorkspaceScope): string {
  return `${workspaceId} ${mode}`;
}

/** When and how often the settings of a workspace and mode were changed; null when there is no such workspace. */
export async function findSettingsStamp(
  read: Reader,
  scope: WorkspaceScope,
): Promise<{ version: number; updatedAt: Instant } | null> {
  const row = await read
    .selectFrom('workspaceModes')
    .select(['configurationVersion as version', 'updatedAt'])
    .where('workspaceId', '=', scope.workspaceId)
    .where('mode', '=', scope.mode)
    .executeTakeFirst();
  return row ?? null;
}

/** The bytes of a workspace's logo by the hash in its address; null when it is another one now. */
export async function findLogo(read: Reader, hash: string): Promise<{ type: string; bytes: Uint8Array } | null> {
  const row = await read
    .selectFrom('workspaceModes')
    .select(['logoType', 'logoBase64'])
    .where('logoHash', '=', hash)
    .limit(1)
    .executeTakeFirst();
  if (row === undefined || row.logoType === null || row.logoBase64 === null) return null;
  return { type: row.logoType, bytes: new Uint8Array(Buffer.from(row.logoBase64, 'base64')) };
}

/** A workspace as an operator's list shows it. */
export type WorkspaceRow = {
  readonly id: WorkspaceId;
  readonly name: string;
  readonly suspendedAt: Instant | null;
  readonly createdAt: Instant;
};

/** All workspaces, oldest first. For operators: nobody else sees more than one. */
export async function listWorkspaces(read: Reader): Promise<WorkspaceRow[]> {
  const rows = await read
    .selectFrom('workspaces')
    .select(['id', 'name', 'suspendedAt', 'createdAt'])
    .orderBy('createdAt')
    .orderBy('id')
    .execute();
  return rows.map((row) => ({ ...row, id: row.id as WorkspaceId }));
}

/** Inserts a workspace with both its modes alike; false when its id is taken. */
export async function insertWorkspace(
  tx: Writer,
  workspace: {
    id: WorkspaceId;
    name: string;
    brand: BrandSettings;
    configuration: ConfigurationSettings;
    logo: StoredLogo | null;
  },
  now: Instant,
): Promise<boolean> {
  const inserted = await tx
    .insertInto('workspaces')
    .values({ id: workspace.id, name: workspace.name, suspendedAt: null, createdAt: now, updatedAt: now })
    .onConflict((on) => on.column('id').doNothing())
    .returning('id')
    .executeTakeFirst();
  if (inserted === undefined) return false;
  const row = {
    workspaceId: workspace.id,
    brand: JSON.stringify(workspace.brand),
    ...logoColumns(workspace.logo),
    configuration: JSON.stringify(workspace.configuration),
    configurationVersion: 1,
    updatedAt: now,
  };
  const modes: readonly Mode[] = ['live', 'test'];
  await tx
    .insertInto('workspaceModes')
    .values(modes.map((mode) => ({ ...row, mode })))
    .execute();
  return true;
}

/** A logo with the SHA-256 (hex) of its bytes, which is its address. */
export type StoredLogo = Logo & { readonly hash: string };

/** What one mode of a workspace has set itself. */
type WorkspaceSettings = {
  readonly brand: BrandSettings;
  readonly logoPath: string | null;
  readonly checkout: MethodSettings;
  readonly configuration: ConfigurationSettings;
  readonly version: number;
};

/** What one mode of a workspace has set, as it stands in its row, with the version an update has to name; or null. */
export async function findWorkspaceSettings(read: Reader, scope: WorkspaceScope): Promise<WorkspaceSettings | null> {
  const row = await read
    .selectFrom('workspaceModes')
    .select(['brand', 'logoHash', 'checkout', 'configuration', 'configurationVersion'])
    .where('workspaceId', '=', scope.workspaceId)
    .where('mode', '=', scope.mode)
    .executeTakeFirst();
  if (row === undefined) return null;
  return {
    brand: JSON.parse(row.brand),
    logoPath: logoPathOf(row.logoHash),
    checkout: JSON.parse(row.checkout),
    configuration: JSON.parse(row.configuration),
    version: row.configurationVersion,
  };
}

/** Writes the settings of one mode if nobody changed them since `version` was read; false otherwise. */
export async function updateWorkspaceSettings(
  tx: Writer,
  scope: WorkspaceScope,
  version: number,
  change: Pick<WorkspaceSettings, 'brand' | 'checkout' | 'configuration'> & { readonly logo?: StoredLogo | null },
  now: Instant,
): Promise<boolean> {
  const row = await tx
    .updateTable('workspaceModes')
    .set({
      brand: JSON.stringify(change.brand),
      checkout: JSON.stringify(change.checkout),
      configuration: JSON.stringify(change.configuration),
      ...(change.logo === undefined ? {} : logoColumns(change.logo)),
      configurationVersion: version + 1,
      updatedAt: now,
    })
    .where('workspaceId', '=', scope.workspaceId)
    .where('mode', '=', scope.mode)
    .where('configurationVersion', '=', version)
    .returning('mode')
    .executeTakeFirst();
  return row !== undefined;
}

export async function renameWorkspace(tx: Writer, id: WorkspaceId, name: string, now: Instant): Promise<boolean> {
  const row = await tx
    .updateTable('workspaces')
    .set({ name, updatedAt: now })
    .where('id', '=', id)
    .returning('id')
    .executeTakeFirst();
  return row !== undefined;
}

/** Suspends or resumes a workspace; false when it is unknown or stands like that already. */
export async function setWorkspaceSuspended(
  tx: Writer,
  id: WorkspaceId,
  suspended: boolean,
  now: Instant,
): Promise<boolean> {
  const row = await tx
    .updateTable('workspaces')
    .set({ suspendedAt: suspended ? now : null, updatedAt: now })
    .where('id', '=', id)
    .where('suspendedAt', suspended ? 'is' : 'is not', null)
    .returning('id')
    .executeTakeFirst();
  return row !== undefined;
}

function logoColumns(logo: StoredLogo | null): {
  logoType: string | null;
  logoBase64: string | null;
  logoHash: string | null;
} {
  return logo === null
    ? { logoType: null, logoBase64: null, logoHash: null }
    : { logoType: logo.type, logoBase64: Buffer.from(logo.bytes).toString('base64'), logoHash: logo.hash };
}

function logoPathOf(hash: string | null): string | null {
  return hash === null ? null : `/logo/${hash}`;
}

function readBrand(workspaceName: string, json: string, logoHash: string | null): Brand {
  const given: BrandSettings = JSON.parse(json);
  return {
    name: given.name ?? workspaceName,
    logoPath: logoPathOf(logoHash),
    accentColor: given.accentColor ?? null,
    legalName: given.legalName ?? null,
    address: given.address ?? null,
    taxId: given.taxId ?? null,
    email: given.email ?? null,
    phone: given.phone ?? null,
    country: given.country ?? null,
    receipt: {
      showTax: given.receipt?.showTax ?? false,
      taxLabel: given.receipt?.taxLabel ?? 'PPN',
      taxRateBasisPoints: given.receipt?.taxRateBasisPoints ?? 1_100,
      thankYouText: given.receipt?.thankYouText ?? null,
      footerText: given.receipt?.footerText ?? null,
      showMerchantAddress: given.receipt?.showMerchantAddress ?? true,
      merchantAddress: given.receipt?.merchantAddress ?? null,
      merchantTaxId: given.receipt?.merchantTaxId ?? null,
    },
  };
}

/** Lays what a workspace set over its preset, and that over the complete configuration, one level deep. */
function fillConfiguration(given: ConfigurationSettings): PortalConfiguration {
  const filled: Record<string, unknown> = { ...completeConfiguration };
  for (const layer of [presets[given.preset ?? 'complete'], given]) {
    for (const [name, value] of Object.entries(layer)) {
      const base = filled[name];
      const isGroup = typeof base === 'object' && base !== null && !Array.isArray(base);
      filled[name] = isGroup ? { ...base, ...(value as object) } : value;
    }
  }
  return filled as PortalConfiguration;
}
