import { openCookie, sealCookie } from '@/lib/crypto/cookie-seal.ts';
import type { Runtime } from '@/lib/runtime.ts';

/** The portal's cookies. Every one is `__Host-`: this host alone, over a secure connection, never for script. */
export const cookieNames = {
  /** Nonce of the entry page: lets the browser that burned a link repeat the burn. */
  entry: '__Host-pe',
  /** The sealed secret of the browser session. */
  session: '__Host-portal',
  /** After the end: which site to go back to and why it ended; no customer. */
  note: '__Host-portal-note',
  /** Choices of a form that could not be carried out, kept for the next entry. */
  kept: '__Host-portal-kept',
  /** The buyer's language. */
  locale: '__Host-portal-lang',
} as const;

export const cookieSeconds = { entry: 600, session: 7_200, note: 600, kept: 1_800, locale: 31_536_000 } as const;

type CookieName = keyof typeof cookieNames;

/** The text of one of our cookies in a request, or null. */
export function readCookie(request: Request, name: CookieName): string | null {
  const wanted = `${cookieNames[name]}=`;
  for (const part of (request.headers.get('cookie') ?? '').split(';')) {
    const pair = part.trim();
    if (pair.startsWith(wanted)) return pair.slice(wanted.length);
  }
  return null;
}

/** A Set-Cookie header of one of our cookies. The text is base64url, a seal or a language tag: nothing to escape. */
export function writeCookie(name: CookieName, text: string): string {
  return `${cookieNames[name]}=${text}; Path=/; Max-Age=${cookieSeconds[name]}; Secure; HttpOnly; SameSite=Lax`;
}

/** A Set-Cookie header that removes one of our cookies, with its full attributes: else the browser keeps it. */
export function clearCookie(name: CookieName): string {
  return `${cookieNames[name]}=; Path=/; Max-Age=0; Secure; HttpOnly; SameSite=Lax`;
}

/** Seals a small value and writes it as a cookie. */
export async function writeSealedCookie(
  on: Pick<Runtime, 'config'>,
  name: 'session' | 'note' | 'kept',
  value: Readonly<Record<string, unknown>>,
): Promise<string> {
  return writeCookie(name, await sealCookie(on.config.rootKeys, { v: 1, ...value }, cookieSeconds[name] + 60));
}

/** Opens a sealed cookie of a request; an empty object when absent, old, changed or under a removed key. Never throws. */
export async function readSealedCookie(
  on: Pick<Runtime, 'config' | 'log'>,
  request: Request,
  name: 'session' | 'note' | 'kept',
): Promise<Readonly<Record<string, unknown>>> {
  const seal = readCookie(request, name);
  if (seal === null || seal === '' || seal.length > 4_096) return {};
  const value = await openCookie(on.config.rootKeys, seal, cookieSeconds[name] + 60, (reason) => {
    if (reason !== 'expired') on.log('warn', 'cookie.refused', { reason });
  });
  return value.v === 1 ? value : {};
}
