import type { Sent } from './merchant-side.ts';

const boundary = 'b0undary';

/** A multipart body with these fields: bytes as a file, text as text. A signature covers none of it. */
export function sendForm(fields: readonly (readonly [name: string, value: Uint8Array | string])[]): Sent {
  const parts = fields.flatMap(([name, value]) => {
    const isFile = typeof value !== 'string';
    const more = isFile ? '; filename="../logo.svg"\r\nContent-Type: image/svg+xml' : '';
    const head = `--${boundary}\r\nContent-Disposition: form-data; name="${name}"${more}\r\n\r\n`;
    return [Buffer.from(head), Buffer.from(value), Buffer.from('\r\n')];
  });
  return {
    method: 'POST',
    body: new Uint8Array(Buffer.concat([...parts, Buffer.from(`--${boundary}--\r\n`)])),
    headers: { 'content-type': `multipart/form-data; boundary=${boundary}` },
    signAs: { body: '' },
  };
}
