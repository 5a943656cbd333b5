import { randomBytes } from 'node:crypto';
import { CompactSign, UnsecuredJWT } from 'jose';
import { describe, expect, it } from 'vitest';
import { makeLinkToken, readLinkToken } from './link-token.ts';
import { deriveKey, type RootKeys } from './secret.ts';

const roots: RootKeys = new Map([[1, new Uint8Array(32).fill(1)]]);
const random = (bytes: number) => new Uint8Array(randomBytes(bytes));

async function forge(
  header: { alg: string; typ?: string; kid?: string },
  key: Uint8Array,
  claims: unknown,
): Promise<string> {
  const text = new TextEncoder().encode(JSON.stringify(claims));
  return `ps_${await new CompactSign(text).setProtectedHeader(header).sign(key)}`;
}

describe('the token of a link', () => {
  it('begins with ps_, and is nothing without it', async () => {
    const token = await makeLinkToken(roots, 3, random);
    expect(token).toMatch(/^ps_eyJ/);
    expect(await readLinkToken(roots, token.slice(3))).toBeNull();
    expect(await readLinkToken(roots, `ps_${token}`)).toBeNull();
  });

  it('carries 256 random bits and the epoch, and is under 220 characters', async () => {
    const token = await makeLinkToken(roots, 3, random);
    expect(await readLinkToken(roots, token)).toMatchObject({ epoch: 3, keyNumber: 1 });
    expect(token.length).toBeLessThan(220);
    expect(token).not.toBe(await makeLinkToken(roots, 3, random));
  });

  it('is read after a rotation while its key is still listed, and not after', async () => {
    const token = await makeLinkToken(roots, 1, random);
    const both = new Map([...roots, [2, new Uint8Array(32).fill(2)]]);
    expect(await readLinkToken(both, token)).not.toBeNull();
    both.delete(1);
    expect(await readLinkToken(both, token)).toBeNull();
  });

  it('is refused with another algorithm, type, key or claims, or none', async () => {
    const key = deriveKey(roots, 1, 'link') ?? new Uint8Array();
    const claims = { s: 'a'.repeat(43), e: 1 };
    expect(
      await readLinkToken(roots, await forge({ alg: 'HS256', typ: 'plink', kid: '1' }, key, claims)),
    ).not.toBeNull();
    expect(await readLinkToken(roots, await forge({ alg: 'HS256', typ: 'JWT', kid: '1' }, key, claims))).toBeNull();
    expect(await readLinkToken(roots, await forge({ alg: 'HS256', typ: 'plink', kid: '9' }, key, claims))).toBeNull();
    expect(await readLinkToken(roots, await forge({ alg: 'HS256', typ: 'plink' }, key, claims))).toBeNull();
    expect(
      await readLinkToken(roots, await forge({ alg: 'HS512', typ: 'plink', kid: '1' }, new Uint8Array(64), claims)),
    ).toBeNull();
    expect(
      await readLinkToken(roots, await forge({ alg: 'HS256', typ: 'plink', kid: '1' }, new Uint8Array(32), claims)),
    ).toBeNull();
    expect(await readLinkToken(roots, await forge({ alg: 'HS256', typ: 'plink', kid: '1' }, key, { e: 1 }))).toBeNull();
    expect(await readLinkToken(roots, `ps_${new UnsecuredJWT({ s: 'a'.repeat(43), e: 1 }).encode()}`)).toBeNull();
  });

  it('never serves as a key of another purpose', () => {
    const keys = (['link', 'cookie', 'entry', 'at-rest', 'reference'] as const).map((purpose) =>
      Buffer.from(deriveKey(roots, 1, purpose) ?? []).toString('hex'),
    );
    expect(new Set(keys).size).toBe(keys.length);
  });
});
