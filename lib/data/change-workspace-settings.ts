import type { MethodSettings } from '@/lib/domain/checkout-settings.ts';
import type { Instant } from '@/lib/domain/time.ts';
import type { WorkspaceScope } from '@/lib/domain/viewer.ts';
import { wireConfiguration } from '@/lib/domain/wire-configuration.ts';
import type { Workspace } from '@/lib/domain/workspace.ts';
import type { BrandSettings, ConfigurationSettings } from '@/lib/domain/workspace-settings.ts';
import type { Writer } from './db.ts';
import type { Cause } from './tell-of-change.ts';
import { tellOfChange } from './tell-of-change.ts';
import type { StoredLogo } from './workspaces.ts';
import { findWorkspace, findWorkspaceSettings, updateWorkspaceSettings } from './workspaces.ts';

/** What is left out stays as it is; a null in `brand` clears that field. Values were checked before. */
export type SettingsChange = {
  readonly brand?: BrandSettings;
  readonly configuration?: ConfigurationSettings;
  readonly checkout?: MethodSettings;
  /** A new logo, or null for none. */
  readonly logo?: StoredLogo | null;
};

/** Somebody else changed the same settings in this moment: the transaction must not commit. */
export class SettingsMoved extends Error {
  override name = 'SettingsMoved';
}

/** A workspace in one mode after a change of its settings. */
export type ChangedSettings = { readonly workspace: Workspace; readonly version: number; readonly updatedAt: Instant };

/**
 * Changes the settings of one mode of a workspace, raises their version, and writes the audit line and, for a changed
 * configuration, `portal_configuration.updated`. Null when there is no such workspace; throws SettingsMoved.
 */
export async function changeWorkspaceSettings(
  tx: Writer,
  scope: WorkspaceScope,
  change: SettingsChange,
  cause: Cause,
  now: Instant,
  random: (bytes: number) => Uint8Array,
): Promise<ChangedSettings | null> {
  const before = await findWorkspaceSettings(tx, scope);
  if (before === null) return null;
  const { brand = {}, configuration = {}, checkout = {}, logo } = change;
  const settings = {
    brand: { ...before.brand, ...brand, receipt: { ...before.brand.receipt, ...brand.receipt } },
    configuration: mergeConfiguration(before.configuration, configuration),
    checkout: { ...before.checkout, ...checkout },
    ...(logo === undefined ? {} : { logo }),
  };
  if (!(await updateWorkspaceSettings(tx, scope, before.version, settings, now))) {
    throw new SettingsMoved('These settings were changed by somebody else in this moment.');
  }
  const workspace = await findWorkspace(tx, scope);
  if (workspace === null) return null;
  const version = before.version + 1;
  const named = [
    ...Object.keys(brand).map((key) => `brand.${key}`),
    ...Object.keys(configuration),
    ...Object.keys(checkout),
    ...(logo === undefined ? [] : ['logo']),
  ];
  const event = {
    what: 'portal_configuration.updated',
    of: 'portal_configuration',
    object: wireConfiguration(workspace, version, now),
    extras: { version, by: cause.actor },
  };
  const line = { act: 'workspace.updated', object: scope.workspaceId, detail: { changed: named.join(' ') } };
  const isConfigured = Object.keys(configuration).length > 0;
  await tellOfChange(tx, scope, cause, isConfigured ? { ...line, event } : line, now, random);
  return { workspace, version, updatedAt: now };
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
