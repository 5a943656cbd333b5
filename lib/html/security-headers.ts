/** Headers of every answer, private or not: no sniffing, no framing, no referrer beyond the origin, no powers. */
export const securityHeaders: Readonly<Record<string, string>> = {
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'strict-origin',
  'X-Frame-Options': 'DENY',
  'X-Robots-Tag': 'noindex, nofollow',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Permissions-Policy':
    'accelerometer=(), camera=(), geolocation=(), gyroscope=(), magnetometer=(), microphone=(), payment=(), publickey-credentials-get=(), usb=()',
  'Strict-Transport-Security': 'max-age=63072000; includeSubDomains',
};

/** The policy of an answer that shows and runs nothing: files, redirects, JSON. */
export const closedPolicy = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** The header by which the guard at the door hands a request over that is only to be refused. Never taken from outside. */
export const refusalHeader = 'x-refused';

/** Why the guard refuses: an address nobody can read, one that leads nowhere, a method that is not taken. */
export type RefusedFor = 'target' | 'path' | 'method';
