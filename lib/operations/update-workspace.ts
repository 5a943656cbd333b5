import { fingerprint } from '@/lib/crypto/secret.ts';
import { appendAudit } from '@/lib/data/audit-lines.ts';
import { changeWorkspaceSettings, SettingsMoved } from '@/lib/data/change-workspace-settings.ts';
import type { Writer } from '@/lib/data/db.ts';
import type { Cause } from '@/lib/data/tell-of-change.ts';
import type { StoredLogo } from '@/lib/data/workspaces.ts';
import { renameWorkspace } from '@/lib/data/workspaces.ts';
import type { WorkspaceId } from '@/lib/domain/ids.ts';
import type { Result } from '@/lib/domain/result.ts';
import { fail, succeed } from '@/lib/domain/result.ts';
import type { Instant } from '@/lib/domain/time.ts';
import type { Mode } from '@/lib/domain/viewer.ts';
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

async function update(
  on: Runtime,
  tx: Writer,
  workspaceId: WorkspaceId,
  modes: readonly Mode[],
  change: WorkspaceChange,
  stored: { logo?: StoredLogo | null },
  now: Instant,
): Promise<Result<null, 'not_found'>> {
  const { name, brand, configuration } = change;
  const named = { act: 'workspace.updated', object: workspaceId } as const;
  if (name !== undefined && !(await renameWorkspace(tx, workspaceId, name, now))) {
    return fail('not_found', 'There is no such workspace.');
  }
  if (brand === undefined && configuration === undefined && stored.logo === undefined) {
    for (const mode of modes) {
      const entry = { ...named, actor: 'operator', detail: { changed: 'name' } } as const;
      await appendAudit(tx, { workspaceId, mode }, entry, now, on.random);
    }
    return succeed(null);
  }
  const cause: Cause = { actor: 'operator', source: 'operator', extras: {} };
  for (const mode of modes) {
    const settings = {
      ...(brand === undefined ? {} : { brand }),
      ...(configuration === undefined ? {} : { configuration }),
      ...stored,
    };
    const changed = await changeWorkspaceSettings(tx, { workspaceId, mode }, settings, cause, now, on.random);
    if (changed === null) return fail('not_found', 'There is no such workspace.');
  }
  return succeed(null);
}
