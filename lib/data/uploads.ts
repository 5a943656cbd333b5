import type { LogoType } from '@/lib/domain/logo.ts';
import type { Instant } from '@/lib/domain/time.ts';
import type { Upload } from '@/lib/domain/upload.ts';
import type { WorkspaceScope } from '@/lib/domain/viewer.ts';
import type { Reader, Writer } from './db.ts';

/** How many pictures of a workspace and mode are kept; the oldest make room. A logo keeps its own copy. */
const mostKept = 100;

/** Keeps a picture. One that is there already becomes the newest. */
export async function keepUpload(
  tx: Writer,
  { workspaceId, mode }: WorkspaceScope,
  { name, type, bytes }: Upload,
  now: Instant,
): Promise<void> {
  const base64 = Buffer.from(bytes).toString('base64');
  await tx
    .insertInto('uploads')
    .values({ name, workspaceId, mode, type, base64, createdAt: now })
    .onConflict((on) => on.column('name').doUpdateSet({ createdAt: now }))
    .execute();
  const old = await tx
    .selectFrom('uploads')
    .select('name')
    .where('workspaceId', '=', workspaceId)
    .where('mode', '=', mode)
    .orderBy('createdAt', 'desc')
    .orderBy('name', 'desc')
    .offset(mostKept)
    .limit(mostKept)
    .execute();
  if (old.length === 0) return;
  await tx
    .deleteFrom('uploads')
    .where(
      'name',
      'in',
      old.map((row) => row.name),
    )
    .execute();
}

/** A picture by the name in its address, whoever asks; or null. */
export async function findUpload(read: Reader, name: string): Promise<Upload | null> {
  const row = await read
    .selectFrom('uploads')
    .select(['name', 'type', 'base64'])
    .where('name', '=', name)
    .executeTakeFirst();
  return row === undefined ? null : toUpload(row);
}

/** A picture of this workspace and mode, or null: unknown and foreign look alike. */
export async function findOwnUpload(read: Reader, scope: WorkspaceScope, name: string): Promise<Upload | null> {
  const row = await read
    .selectFrom('uploads')
    .select(['name', 'type', 'base64'])
    .where('workspaceId', '=', scope.workspaceId)
    .where('mode', '=', scope.mode)
    .where('name', '=', name)
    .executeTakeFirst();
  return row === undefined ? null : toUpload(row);
}

function toUpload({ name, type, base64 }: { name: string; type: string; base64: string }): Upload {
  // Its type was read from its bytes when it was stored.
  return { name, type: type as LogoType, bytes: new Uint8Array(Buffer.from(base64, 'base64')) };
}
