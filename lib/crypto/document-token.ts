import { CompactSign, compactVerify, decodeProtectedHeader } from 'jose';
import { deriveKey, newestKeyNumber, type RootKeys } from './secret.ts';

/** What a signed address of a document names: one invoice of one workspace and mode, until when, and its epoch. */
export type DocumentClaims = {
  readonly workspaceId: string;
  readonly mode: string;
  readonly invoiceId: string;
  readonly epoch: number;
  /** Epoch ms; good while now < it. */
  readonly expiresAt: number;
};

const maxLength = 600;

/** Makes the token of a document's address: a compact JWS (HS256, typ `pdoc`, kid = key number). */
export async function makeDocumentToken(roots: RootKeys, claims: DocumentClaims): Promise<string> {
  const number = newestKeyNumber(roots);
  const key = deriveKey(roots, number, 'document');
  if (key === null) throw new Error('No key to sign documents with.');
  const { workspaceId, mode, invoiceId, epoch, expiresAt } = claims;
  return new CompactSign(new TextEncoder().encode(JSON.stringify([workspaceId, mode, invoiceId, epoch, expiresAt])))
    .setProtectedHeader({ alg: 'HS256', typ: 'pdoc', kid: String(number) })
    .sign(key);
}

/** Reads a token that is good now; null when it is malformed, of another kind, over, or not signed by us. Never throws. */
export async function readDocumentToken(roots: RootKeys, token: string, now: number): Promise<DocumentClaims | null> {
  if (token.length > maxLength || !/^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]{43}$/.test(token)) return null;
  try {
    const header = decodeProtectedHeader(token);
    if (header.typ !== 'pdoc' || header.alg !== 'HS256' || header.crit !== undefined) return null;
    const key = deriveKey(roots, Number(header.kid), 'document');
    if (key === null) return null;
    const { payload } = await compactVerify(token, key, { algorithms: ['HS256'] });
    const parts: unknown = JSON.parse(new TextDecoder().decode(payload));
    if (!Array.isArray(parts)) return null;
    const [workspaceId, mode, invoiceId, epoch, expiresAt] = parts as unknown[];
    if (typeof workspaceId !== 'string' || typeof mode !== 'string' || typeof invoiceId !== 'string') return null;
    if (typeof epoch !== 'number' || typeof expiresAt !== 'number' || now >= expiresAt) return null;
    return { workspaceId, mode, invoiceId, epoch, expiresAt };
  } catch {
    return null;
  }
}
