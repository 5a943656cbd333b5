import { appendAudit } from '@/lib/data/audit-lines.ts';
import type { WorkspaceScope } from '@/lib/domain/viewer.ts';
import type { Runtime } from '@/lib/runtime.ts';

/** Puts the alarm of a replayed request into the audit of the workspace whose key signed it. */
export async function noteReplay(
  runtime: Runtime,
  scope: WorkspaceScope,
  alarm: { readonly keyName: string; readonly unsignedHeadersDiffer: boolean },
): Promise<void> {
  const entry = {
    actor: `key:${alarm.keyName}`,
    act: 'request.replay_refused',
    object: null,
    detail: { unsignedHeadersDiffer: alarm.unsignedHeadersDiffer },
  } as const;
  await runtime.write((tx) => appendAudit(tx, scope, entry, runtime.now(), runtime.random));
}
