import { fingerprint } from '@/lib/crypto/secret.ts';
import { appendAudit } from '@/lib/data/audit-lines.ts';
import type { Writer } from '@/lib/data/db.ts';
import { appendEvent } from '@/lib/data/outbox.ts';
import type { StoredLogo } from '@/lib/data/workspaces.ts';
import {
  findWorkspace,
  findWorkspaceSettings,
  renameWorkspace,
  updateWorkspaceSettings,
} from '@/lib/data/workspaces.ts';
import type { WorkspaceId } from '@/lib/domain/ids.ts';
import type { Result } from '@/lib/domain/result.ts';
import { fail, succeed } from '@/lib/domain/result.ts';
import type { Instant } from '@/lib/domain/time.ts';
import type { Mode, WorkspaceScope } from '@/lib/domain/viewer.ts';
import { wireConfiguration } from '@/lib/domain/wire-configuration.ts';
import type { BrandSettings, ConfigurationSettings } from '@/lib/domain/workspace-settings.ts';
import { checkBrand, checkConfiguration, checkWorkspaceName, readLogo } from '@/lib/domain/workspace-settings.ts';
import type { Runtime } from '@/lib/runtime.ts';

/** What is left out stays as it is; a null in `brand` clears that field. */
export type WorkspaceChange = {
  readonly name?: string;
  readonly brand?: BrandSettings;
  readonly configuration?: ConfigurationSettings;
  /** A new logo, or null for none. */
  readonly logo?: Uint8Array | null;
};

/**
 * Changes a workspace in the modes named. A changed configuration raises its version and tells of it by
 * `portal_configuration.updated`. Fails with `validation_error` and the field, `not_found`, or `conflict` when somebody
 * else changed the same settings in this moment.
 */
export async function updateWorkspace(
  on: Runtime,
  workspaceId: WorkspaceId,
  modes: readonly Mode[],
  change: WorkspaceChange,
): Promise<Result<null, 'validation_error' | 'not_found' | 'conflict'>> {
  const { name, brand = {}, configuration = {} } = change;
  const problem =
    (name === undefined ? null : checkWorkspaceName(name)) ?? checkBrand(brand) ?? checkConfiguration(configuration);
  if (problem !== null) return { ok: false, failure: problem };
  const logo = change.logo === undefined || change.logo === null ? null : readLogo(change.logo);
  if (logo !== null && !logo.ok) return logo;
  const stored =
    logo === null
      ? change.logo === null
        ? { logo: null }
        : {}
      : { logo: { ...logo.value, hash: fingerprint(logo.value.bytes) } };
  const now = on.now();
  try {
    return await on.write((tx) => update(on, tx, workspaceId, modes, change, stored, now));
  } catch (thrown) {
    if (!(thrown instanceof SettingsMoved)) throw thrown;
    return fail('conflict', 'These settings were changed by somebody else in this moment. Try again.');
  }
}

/** Rolls the transaction back; caught where it was opened. */
class SettingsMoved extends Error {
  override name = 'SettingsMoved';
}

async function update(
  on: Runtime,
  tx: Writer,
  workspaceId: WorkspaceId,
  modes: readonly Mode[],
  change: WorkspaceChange,
  stored: { logo?: StoredLogo | null },
  now: Instant,
): Promise<Result<null, 'not_found'>> {
  const { name, brand = {}, configuration = {} } = change;
  if (name !== undefined && !(await renameWorkspace(tx, workspaceId, name, now))) {
    return fail('not_found', 'There is no such workspace.');
  }
  for (const mode of modes) {
    const scope = { workspaceId, mode };
    const before = await findWorkspaceSettings(tx, scope);
    if (before === null) return fail('not_found', 'There is no such workspace.');
    const settings = {
      brand: { ...before.brand, ...brand, receipt: { ...before.brand.receipt, ...brand.receipt } },
      configuration: mergeConfiguration(before.configuration, configuration),
      ...stored,
    };
    if (!(await updateWorkspaceSettings(tx, scope, before.version, settings, now))) {
      throw new SettingsMoved();
    }
    await noteChange(on, tx, scope, change, before.version + 1, now);
  }
  return succeed(null);
}

/** Lays new settings over old ones; groups such as `cancel` keep the keys that are not named. */
function mergeConfiguration(before: ConfigurationSettings, change: ConfigurationSettings): ConfigurationSettings {
  const merged: Record<string, unknown> = { ...before };
  for (const [name, value] of Object.entries(change)) {
    const old = merged[name];
    const isGroup = isPlainObject(old) && isPlainObject(value);
    merged[name] = isGroup ? { ...old, ...value } : value;
  }
  return merged;
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

async function noteChange(
  on: Runtime,
  tx: Writer,
  scope: WorkspaceScope,
  change: WorkspaceChange,
  version: number,
  now: Instant,
): Promise<void> {
  const { brand = {}, configuration = {} } = change;
  const named = [
    ...(change.name === undefined ? [] : ['name']),
    ...Object.keys(brand).map((key) => `brand.${key}`),
    ...Object.keys(configuration),
    ...(change.logo === undefined ? [] : ['logo']),
  ];
  const detail = { changed: named.join(' ') };
  const entry = { actor: 'operator', act: 'workspace.updated', object: scope.workspaceId, detail } as const;
  await appendAudit(tx, scope, entry, now, on.random);
  if (Object.keys(configuration).length === 0) return;
  const workspace = await findWorkspace(tx, scope);
  if (workspace === null) return;
  await appendEvent(
    tx,
    scope,
    {
      what: 'portal_configuration.updated',
      aggregateType: 'portal_configuration',
      aggregateId: scope.workspaceId,
      object: wireConfiguration(workspace, version, now),
      extras: { version, by: 'operator' },
      source: 'operator',
    },
    now,
    on.random,
  );
}
