import { findUpload } from '@/lib/data/uploads.ts';
import { readUploadName } from '@/lib/domain/upload.ts';
import type { MerchantCall } from './call.ts';
import { answerFailure, commonHeaders } from './problem.ts';

/**
 * A picture a merchant uploaded, for anybody who knows its name. A name stands for its bytes, so it may be kept for ever;
 * its type was read from the bytes when it was stored, and is one of PNG, JPEG and WebP.
 */
export async function serveFile(call: MerchantCall, given: string): Promise<Response> {
  const name = readUploadName(given);
  const upload = name === null ? null : await findUpload(call.runtime.read, name);
  if (upload === null) return answerFailure(call, { code: 'not_found', message: 'There is no such file.' });
  return new Response(call.method === 'HEAD' ? null : new Uint8Array(upload.bytes), {
    headers: {
      ...commonHeaders(call),
      'content-type': upload.type,
      'content-length': String(upload.bytes.length),
      'content-disposition': `inline; filename="${upload.name}"`,
      'cache-control': 'public, max-age=31536000, immutable',
    },
  });
}
