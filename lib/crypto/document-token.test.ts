import { expect, it } from 'vitest';
import { makeDocumentToken, readDocumentToken } from './document-token.ts';
import { makeLinkToken } from './link-token.ts';

const roots = new Map([[1, new Uint8Array(32).fill(7)]]);
const claims = { workspaceId: 'acc_1', mode: 'test', invoiceId: 'inv_1', epoch: 1, expiresAt: 1_000 };

it('a token names its document until it is over, and not at that moment', async () => {
  const token = await makeDocumentToken(roots, claims);
  expect(await readDocumentToken(roots, token, 999)).toEqual(claims);
  expect(await readDocumentToken(roots, token, 1_000)).toBeNull();
});

it('nothing else is one: changed text, another key, a portal link, nonsense', async () => {
  const token = await makeDocumentToken(roots, claims);
  const [head = '', body = '', mac = ''] = token.split('.');
  const other = Buffer.from(JSON.stringify(['acc_2', 'test', 'inv_1', 1, 1_000])).toString('base64url');
  const none = Buffer.from(JSON.stringify({ alg: 'none', typ: 'pdoc', kid: '1' })).toString('base64url');
  const link = await makeLinkToken(roots, 1, (bytes) => new Uint8Array(bytes));
  const elsewhere = await makeDocumentToken(new Map([[1, new Uint8Array(32).fill(8)]]), claims);
  for (const bad of [
    `${head}.${other}.${mac}`,
    `${none}.${body}.${mac}`,
    `${none}.${body}.`,
    link,
    elsewhere,
    '',
    'a.b.c',
  ]) {
    expect(await readDocumentToken(roots, bad, 0)).toBeNull();
  }
});
