import { type NextRequest, NextResponse } from 'next/server';
import { findProviderVisit } from '@/lib/data/provider-visits.ts';
import { readId } from '@/lib/domain/ids.ts';
import { securityHeaders } from '@/lib/html/security-headers.ts';
import { runtime } from '@/lib/runtime.ts';
import { findPresence } from '@/lib/session/viewer.ts';

/** Only the page that waits runs Next's client; every other answer carries its own policy. */
export const config = { matcher: ['/waiting/:waitId'] };

/**
 * Gives the waiting page a fresh nonce, on the request, where Next reads it, and on the answer. What a client sent is
 * overwritten. Access is not decided here: the page proves its viewer itself. But a page that Next draws can say "not
 * found" by script alone, so an address that nothing waits under goes to the answer of every other unknown address.
 */
export async function proxy(request: NextRequest): Promise<NextResponse> {
  if (await isNothingThere(request)) return NextResponse.rewrite(new URL('/waiting', request.url));
  const nonce = Buffer.from(crypto.getRandomValues(new Uint8Array(16))).toString('base64');
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}' 'strict-dynamic'`,
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self'",
    "font-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "object-src 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
  const headers = new Headers(request.headers);
  headers.set('content-security-policy', policy);
  headers.delete('content-security-policy-report-only');
  headers.delete('x-nonce');
  const response = NextResponse.next({ request: { headers } });
  for (const [name, value] of Object.entries(securityHeaders)) response.headers.set(name, value);
  response.headers.set('Content-Security-Policy', policy);
  response.headers.set('Cache-Control', 'private, no-store');
  return response;
}

/** Somebody is here, and nothing of theirs waits under this address: foreign, unknown and malformed look alike. */
async function isNothingThere(request: NextRequest): Promise<boolean> {
  try {
    const on = await runtime();
    const presence = await findPresence(on, request);
    if (presence.state !== 'live') return false;
    const id = readId<'providerVisit'>(request.nextUrl.pathname.split('/').at(-1));
    return id === null || (await findProviderVisit(on.read, presence.viewer, id)) === null;
  } catch {
    // The page meets the same trouble, and says so.
    return false;
  }
}
