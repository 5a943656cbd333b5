import { createHash } from 'node:crypto';
import type { ReactElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server.edge';
import { closedPolicy, securityHeaders } from './security-headers.ts';

export type DocumentOptions = {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly cookies?: readonly string[];
  /** Texts of the inline `<style>` elements in the document, each allowed by its hash. */
  readonly styles: readonly string[];
  /** Text of the one inline script, allowed by its hash. */
  readonly inlineScript?: string;
  /** Our own origin, to let the portal's own small script file run; absent: no script file runs. */
  readonly scriptOrigin?: string;
  /** Origins beside our own that a form on this page may end at: the payment provider's. */
  readonly formOrigins?: readonly string[];
};

/** A whole HTML document as an answer: rendered at once, no framework script, never stored. */
export function answerDocument(document: ReactElement, options: DocumentOptions): Response {
  const scripts = [
    ...(options.scriptOrigin === undefined ? [] : [`${options.scriptOrigin}/portal.js`]),
    ...(options.inlineScript === undefined ? [] : [`'${hashOf(options.inlineScript)}'`]),
  ];
  const policy = [
    "default-src 'none'",
    `script-src ${scripts.length === 0 ? "'none'" : scripts.join(' ')}`,
    `style-src ${options.styles.map((text) => `'${hashOf(text)}'`).join(' ')}`,
    "img-src 'self'",
    "connect-src 'self'",
    `form-action ${["'self'", ...(options.formOrigins ?? [])].join(' ')}`,
    "base-uri 'none'",
    "object-src 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
  const headers = new Headers({
    ...securityHeaders,
    'Content-Type': 'text/html; charset=utf-8',
    'Cache-Control': 'private, no-store',
    'Content-Security-Policy': policy,
    ...options.headers,
  });
  for (const cookie of options.cookies ?? []) headers.append('Set-Cookie', cookie);
  return new Response(`<!doctype html>${renderToStaticMarkup(document)}`, { status: options.status ?? 200, headers });
}

/** A redirect that a browser follows with GET. The place is always a path of our own or a stored return address. */
export function answerSeeOther(
  place: string,
  cookies: readonly string[] = [],
  more: Readonly<Record<string, string>> = {},
): Response {
  const headers = new Headers({
    ...securityHeaders,
    'Cache-Control': 'private, no-store',
    'Content-Security-Policy': closedPolicy,
    ...more,
    Location: place,
  });
  for (const cookie of cookies) headers.append('Set-Cookie', cookie);
  return new Response(null, { status: 303, headers });
}

/** A file to keep: an attachment under a name of our own making. */
export function answerFile(bytes: Uint8Array, type: string, name: string): Response {
  return new Response(bytes as BodyInit, {
    headers: {
      ...securityHeaders,
      'Content-Type': type,
      'Content-Length': String(bytes.length),
      'Content-Disposition': `attachment; filename="${name.replace(/[^A-Za-z0-9._-]/g, '-')}"`,
      'Cache-Control': 'private, no-store',
      'Content-Security-Policy': closedPolicy,
    },
  });
}

/** A page made elsewhere, shown as it is: in a sandbox of its own origin, without script, form or anything loaded. */
export function answerSandboxed(html: string): Response {
  return new Response(html, {
    headers: {
      ...securityHeaders,
      'Content-Type': 'text/html; charset=utf-8',
      'Cache-Control': 'private, no-store',
      'Content-Security-Policy': `sandbox; style-src 'unsafe-inline'; ${closedPolicy}`,
    },
  });
}

/** A small JSON fact for our own script. */
export function answerFact(fact: unknown, status = 200): Response {
  return new Response(JSON.stringify(fact), {
    status,
    headers: {
      ...securityHeaders,
      'Content-Type': 'application/json; charset=utf-8',
      'Cache-Control': 'private, no-store',
      'Content-Security-Policy': closedPolicy,
    },
  });
}

/** An empty answer with the whole set of headers. */
export function answerEmpty(status: number, more: Readonly<Record<string, string>> = {}): Response {
  return new Response(null, {
    status,
    headers: {
      ...securityHeaders,
      'Cache-Control': 'private, no-store',
      'Content-Security-Policy': closedPolicy,
      ...more,
    },
  });
}

const hashes = new Map<string, string>();

function hashOf(text: string): string {
  const known = hashes.get(text);
  if (known !== undefined) return known;
  const made = `sha256-${createHash('sha256').update(text).digest('base64')}`;
  if (hashes.size > 1_000) hashes.clear();
  hashes.set(text, made);
  return made;
}
