import type { Result } from '@/lib/domain/result.ts';
import { fail, succeed } from '@/lib/domain/result.ts';

/** 256 KiB. */
export const maxBodyBytes = 262_144;

/** The body's bytes as sent. Fails with `payload_too_large`, declared or counted, without reading on. */
export async function readBody(
  request: Request,
  maxBytes: number,
): Promise<Result<Uint8Array, 'payload_too_large' | 'validation_error'>> {
  const tooLarge = fail('payload_too_large', `The body is larger than ${maxBytes / 1_024} KiB.`, { field: 'body' });
  if (Number(request.headers.get('content-length') ?? 0) > maxBytes) return tooLarge;
  if (request.body === null) return succeed(new Uint8Array());
  const chunks: Uint8Array[] = [];
  let length = 0;
  try {
    for await (const chunk of request.body) {
      length += chunk.byteLength;
      if (length > maxBytes) return tooLarge;
      chunks.push(chunk);
    }
  } catch {
    return fail('validation_error', 'The body broke off.', { field: 'body' });
  }
  return succeed(new Uint8Array(Buffer.concat(chunks, length)));
}

/** May this body be read as JSON? An empty one needs no type; others are application/json, plain, in UTF-8. */
export function checkBodyType(headers: Headers, body: Uint8Array): Result<null, 'unsupported_media_type'> {
  const encoding = headers.get('content-encoding');
  if (encoding !== null && encoding.trim().toLowerCase() !== 'identity') {
    return fail('unsupported_media_type', 'Bodies are taken without content encoding.', { field: 'Content-Encoding' });
  }
  const type = headers.get('content-type');
  if (body.length === 0 && type === null) return succeed(null);
  if (type !== null && /^application\/json\s*(;\s*charset\s*=\s*"?utf-?8"?\s*)?;?\s*$/i.test(type))
    return succeed(null);
  return fail('unsupported_media_type', 'Content-Type must be application/json in UTF-8.', { field: 'Content-Type' });
}

/** A multipart body is not covered by a signature; it counts as empty there. */
export function isMultipart(headers: Headers): boolean {
  return /^\s*multipart\/form-data\b/i.test(headers.get('content-type') ?? '');
}
