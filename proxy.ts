import { type NextRequest, NextResponse } from 'next/server';
import { securityHeaders } from '@/lib/html/security-headers.ts';

/** Only the page that waits runs Next's client; every other answer carries its own policy. */
export const config = { matcher: ['/waiting/:waitId'] };

/**
 * Gives the waiting page a fresh nonce, on the request, where Next reads it, and on the answer. What a client sent is
 * overwritten. Access is not decided here: the page proves its viewer itself.
 */
export function proxy(request: NextRequest): NextResponse {
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
