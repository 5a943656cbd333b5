import { fingerprint } from '@/lib/crypto/secret.ts';
import { causeOfMerchant, tellOfChange } from '@/lib/data/tell-of-change.ts';
import { keepUpload } from '@/lib/data/uploads.ts';
import { readLogoType } from '@/lib/domain/logo.ts';
import type { MerchantAct } from '@/lib/domain/merchant-act.ts';
import type { Result } from '@/lib/domain/result.ts';
import { fail, succeed } from '@/lib/domain/result.ts';
import type { Upload } from '@/lib/domain/upload.ts';
import { uploadName } from '@/lib/domain/upload.ts';
import type { WorkspaceScope } from '@/lib/domain/viewer.ts';
import type { Runtime } from '@/lib/runtime.ts';

/**
 * Keeps a picture under a name of its own: PNG, JPEG or WebP by its bytes, whatever the file is called. The same picture
 * again has the same name. Fails with `validation_error`.
 */
export async function uploadImage(
  on: Runtime,
  scope: WorkspaceScope,
  by: MerchantAct,
  bytes: Uint8Array,
): Promise<Result<Upload>> {
  const type = readLogoType(bytes);
  if (type === null) {
    return fail('validation_error', 'file: must be a PNG, JPEG or WebP picture.', { field: 'file' });
  }
  const now = on.now();
  const hash = fingerprint(JSON.stringify([scope.workspaceId, scope.mode, fingerprint(bytes)]));
  const upload: Upload = { name: uploadName(hash, type), type, bytes };
  return on.write(async (tx) => {
    await keepUpload(tx, scope, upload, now);
    const line = { act: 'image.uploaded', object: upload.name, detail: { bytes: bytes.length } };
    await tellOfChange(tx, scope, causeOfMerchant(by), line, now, on.random);
    return succeed(upload);
  });
}
