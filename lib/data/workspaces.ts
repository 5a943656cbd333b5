import type { WorkspaceId } from '@/lib/domain/ids.ts';
import type { WorkspaceScope } from '@/lib/domain/viewer.ts';
import { type Brand, completeConfiguration, type PortalConfiguration, type Workspace } from '@/lib/domain/workspace.ts';
import type { Reader } from './db.ts';

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
    configuration: fillConfiguration(row.configuration),
  };
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

function readBrand(workspaceName: string, json: string, logoHash: string | null): Brand {
  const given: Partial<Brand> = JSON.parse(json);
  return {
    name: given.name ?? workspaceName,
    logoPath: logoHash === null ? null : `/logo/${logoHash}`,
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
    },
  };
}

/** Lays what a workspace set over the complete configuration, one level deep. */
function fillConfiguration(json: string): PortalConfiguration {
  const given: Partial<PortalConfiguration> = JSON.parse(json);
  const filled: Record<string, unknown> = { ...completeConfiguration };
  for (const [name, value] of Object.entries(given)) {
    const base = filled[name];
    const isGroup = typeof base === 'object' && base !== null && !Array.isArray(base);
    filled[name] = isGroup ? { ...base, ...(value as object) } : value;
  }
  return filled as PortalConfiguration;
}
