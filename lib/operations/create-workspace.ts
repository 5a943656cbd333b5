import { fingerprint } from '@/lib/crypto/secret.ts';
import { appendAudit } from '@/lib/data/audit-lines.ts';
import { insertWorkspace } from '@/lib/data/workspaces.ts';
import type { WorkspaceId } from '@/lib/domain/ids.ts';
import { newId, readId } from '@/lib/domain/ids.ts';
import type { Result } from '@/lib/domain/result.ts';
import { fail, succeed } from '@/lib/domain/result.ts';
import type { BrandSettings, ConfigurationSettings } from '@/lib/domain/workspace-settings.ts';
import { checkBrand, checkConfiguration, checkWorkspaceName, readLogo } from '@/lib/domain/workspace-settings.ts';
import type { Runtime } from '@/lib/runtime.ts';

export type NewWorkspace = {
  readonly name: string;
  readonly brand?: BrandSettings;
  readonly configuration?: ConfigurationSettings;
  /** Bytes of a PNG, JPEG or WebP picture, up to 512 KiB. */
  readonly logo?: Uint8Array;
  /** The id to take, for a merchant who brings one along; made up when left out. */
  readonly id?: string;
};

/**
 * Opens a workspace with its test and its live mode alike. Fails with `validation_error` (and the field) for bad
 * settings, `conflict` when the id is taken.
 */
export async function createWorkspace(
  on: Runtime,
  input: NewWorkspace,
): Promise<Result<{ workspaceId: WorkspaceId }, 'validation_error' | 'conflict'>> {
  const { name, brand = {}, configuration = {} } = input;
  const problem = checkWorkspaceName(name) ?? checkBrand(brand) ?? checkConfiguration(configuration);
  if (problem !== null) return { ok: false, failure: problem };
  const logo = input.logo === undefined ? null : readLogo(input.logo);
  if (logo !== null && !logo.ok) return logo;
  const now = on.now();
  const id = input.id === undefined ? newId('workspace', now, on.random) : readId<'workspace'>(input.id);
  if (id === null) {
    return fail('validation_error', 'An id has 1 to 64 letters, digits, "_" or "-".', { field: 'id' });
  }
  const stored = logo === null ? null : { ...logo.value, hash: fingerprint(logo.value.bytes) };
  return on.write(async (tx) => {
    const inserted = await insertWorkspace(tx, { id, name, brand, configuration, logo: stored }, now);
    if (!inserted) return fail('conflict', 'A workspace with this id exists already.', { field: 'id' });
    for (const mode of ['live', 'test'] as const) {
      const entry = { actor: 'operator', act: 'workspace.created', object: id, detail: { name } } as const;
      await appendAudit(tx, { workspaceId: id, mode }, entry, now, on.random);
    }
    return succeed({ workspaceId: id });
  });
}
