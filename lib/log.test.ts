import { randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';
import { makeLinkToken } from '@/lib/crypto/link-token.ts';
import { errorFields, makeLog } from './log.ts';

it('no token of a link stands in a log line, wherever it was written', async () => {
  const token = await makeLinkToken(new Map([[1, new Uint8Array(32)]]), 1, (bytes) => randomBytes(bytes));
  const lines: string[] = [];
  const log = makeLog(
    () => 0,
    (line) => void lines.push(line),
  );
  const reference = `ps_${randomBytes(32).toString('base64url')}`;
  for (const secret of [token, token.slice(3), reference]) {
    for (const text of [secret, `/p/${secret}?ask=1`, `token=${secret}&arrival=cold`, `"${secret}"`, `at ${secret}.`]) {
      log('error', 'request.failed', { reason: text, ...errorFields(new Error(text)) });
    }
  }
  const parts = [...token.slice(3).split('.'), reference.slice(3)];
  for (const part of parts) expect(lines.join('\n')).not.toContain(part);
  expect(lines.join('\n')).toContain('[token]');
});
