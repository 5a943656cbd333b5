import { appendAudit } from '@/lib/data/audit-lines.ts';
import { setWorkspaceSuspended } from '@/lib/data/workspaces.ts';
import type { WorkspaceId } from '@/lib/domain/ids.ts';
import type { Result } from '@/lib/domain/result.ts';
import { fail, succeed } from '@/lib/domain/result.ts';
import type { Runtime } from '@/lib/runtime.ts';

/** Lets a suspended workspace go on, in both modes. Fails with `conflict` when it is unknown or not suspended. */
export async function resumeWorkspace(on: Runtime, workspaceId: WorkspaceId): Promise<Result<null, 'conflict'>> {
  const now = on.now();
  return on.write(async (tx) => {
    if (!(await setWorkspaceSuspended(tx, workspaceId, false, now))) {
      return fail('conflict', 'There is no such workspace, or it is not suspended.');
    }
    for (const mode of ['live', 'test'] as const) {
      const entry = { actor: 'operator', act: 'workspace.resumed', object: workspaceId } as const;
      await appendAudit(tx, { workspaceId, mode }, entry, now, on.random);
    }
    return succeed(null);
  });
}
