import type { Result } from '@/lib/domain/result.ts';
import { fail, succeed } from '@/lib/domain/result.ts';
import { isMultipart } from './body.ts';
import { shorten } from './strict-json.ts';

/** The one file a route takes in place of JSON: the name of its field, and how large it may be. */
export type UploadField = { readonly field: string; readonly maxBytes: number };

/** How much a multipart body may hold around its file. */
const aroundBytes = 16_384;

/** The largest body of a route that takes a file. */
export function maxUploadBody({ maxBytes }: UploadField): number {
  return maxBytes + aroundBytes;
}

/** Reads the bytes of the one file in a multipart body; nothing else may stand in it. */
export async function readUploadInput(
  { field, maxBytes }: UploadField,
  headers: Headers,
  body: Uint8Array,
): Promise<Result<Uint8Array, 'validation_error' | 'unsupported_media_type' | 'payload_too_large'>> {
  if (!isMultipart(headers) || headers.has('content-encoding')) {
    const message = 'Content-Type must be multipart/form-data, without content encoding.';
    return fail('unsupported_media_type', message, { field: 'Content-Type' });
  }
  const form = await readForm(headers, body);
  if (form === null) return fail('validation_error', 'The multipart body cannot be read.', { field: 'body' });
  const strange = [...form.keys()].find((name) => name !== field);
  if (strange !== undefined) {
    return fail('validation_error', `${shorten(strange)}: is not a field here.`, { field: shorten(strange) });
  }
  const [file, second] = form.getAll(field);
  if (file === undefined) return fail('validation_error', `${field}: is missing.`, { field });
  if (second !== undefined) return fail('validation_error', `${field}: stands twice.`, { field });
  if (typeof file === 'string') return fail('validation_error', `${field}: must be a file.`, { field });
  if (file.size > maxBytes) {
    return fail('payload_too_large', `${field}: is larger than ${maxBytes} bytes.`, { field });
  }
  return succeed(new Uint8Array(await file.arrayBuffer()));
}

async function readForm(headers: Headers, body: Uint8Array): Promise<FormData | null> {
  try {
    const type = headers.get('content-type') ?? '';
    return await new Response(new Uint8Array(body), { headers: { 'content-type': type } }).formData();
  } catch {
    return null;
  }
}
