import { fail, type Result, succeed } from '@/lib/domain/result.ts';

/**
 * Reads the fields of a plain form: urlencoded, UTF-8, at most `maxBytes`. Failures: `unsupported_media_type`,
 * `payload_too_large`, `validation_error`.
 */
export async function readForm(
  request: Request,
  maxBytes: number,
): Promise<Result<URLSearchParams, 'unsupported_media_type' | 'payload_too_large' | 'validation_error'>> {
  const type = request.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase();
  if (type !== 'application/x-www-form-urlencoded') return fail('unsupported_media_type', 'Send a plain form.');
  if (Number(request.headers.get('content-length') ?? 0) > maxBytes)
    return fail('payload_too_large', 'The form is too large.');
  const bytes = await readBytes(request, maxBytes);
  if (bytes === null) return fail('payload_too_large', 'The form is too large.');
  try {
    return succeed(new URLSearchParams(new TextDecoder('utf-8', { fatal: true }).decode(bytes)));
  } catch {
    return fail('validation_error', 'The form is not UTF-8.');
  }
}

async function readBytes(request: Request, maxBytes: number): Promise<Uint8Array | null> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request.body ?? []) {
    size += chunk.length;
    if (size > maxBytes) return null;
    chunks.push(chunk);
  }
  return new Uint8Array(Buffer.concat(chunks));
}
