import type { WorkspaceScope } from '@/lib/domain/viewer.ts';
import type { Writer } from './db.ts';

/**
 * The next number of a gapless sequence (1, 2, 3 …) of one workspace and mode, such as `certificate` or `receipt:2027`.
 * Taken inside the transaction that uses it: a rollback gives it back.
 */
export async function takeNumber(tx: Writer, scope: WorkspaceScope, name: string): Promise<number> {
  const { last } = await tx
    .insertInto('numberSequences')
    .values({ workspaceId: scope.workspaceId, mode: scope.mode, name, last: 1 })
    .onConflict((on) =>
      on.columns(['workspaceId', 'mode', 'name']).doUpdateSet((eb) => ({ last: eb('numberSequences.last', '+', 1) })),
    )
    .returning('last')
    .executeTakeFirstOrThrow();
  return last;
}

/** Lets a sequence go on after `last`, if it stands lower: for numbers that were given out elsewhere. */
export async function raiseNumber(tx: Writer, scope: WorkspaceScope, name: string, last: number): Promise<void> {
  await tx
    .insertInto('numberSequences')
    .values({ workspaceId: scope.workspaceId, mode: scope.mode, name, last })
    .onConflict((on) =>
      on.columns(['workspaceId', 'mode', 'name']).doUpdateSet({ last }).where('numberSequences.last', '<', last),
    )
    .execute();
}
