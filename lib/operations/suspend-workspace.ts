import { appendAudit } from '@/lib/data/audit-lines.ts';
import { setWorkspaceSuspended } from '@/lib/data/workspaces.ts';
import type { WorkspaceId } from '@/lib/domain/ids.ts';
import type { Result } from '@/lib/domain/result.ts';
import { fail, succeed } from '@/lib/domain/result.ts';
import type { Runtime } from '@/lib/runtime.ts';

/**
 * Suspends a workspace in both modes: nothing is minted or burned for it, and its browser sessions are refused, until it
 * is resumed. Fails with `conflict` when it is unknown or suspended already.
 */
export async function suspendWorkspace(on: Runtime, workspaceId: WorkspaceId): Promise<Result<null, 'conflict'>> {
  const now = on.now();
  return on.write(async (tx) => {
    if (!(await setWorkspaceSuspended(tx, workspaceId, true, now))) {
      return fail('conflict', 'There is no such workspace, or it is suspended already.');
    }
    for (const mode of ['live', 'test'] as const) {
      const entry = { actor: 'operator', act: 'workspace.suspended', object: workspaceId } as const;
      await appendAudit(tx, { workspaceId, mode }, entry, now, on.random);
    }
    return succeed(null);
  });
}
