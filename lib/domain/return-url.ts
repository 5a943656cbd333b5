import type { Result } from './result.ts';
import { fail, succeed } from './result.ts';
import type { Mode } from './viewer.ts';

const maxLength = 2_048;

/**
 * Reads the address a buyer goes back to, as the merchant wrote it, into its parsed form, which is what is stored,
 * shown and linked. https only; test mode takes http too. Refused: user names, backslashes, blanks and control
 * characters, IP addresses in live mode in every spelling, and origins outside a list when there is one.
 */
export function readReturnUrl(
  text: string,
  rules: { readonly mode: Mode; readonly allowedOrigins: readonly string[] },
): Result<string, 'validation_error'> {
  if (text.length > maxLength) return refuse(`must be at most ${maxLength} characters long`);
  if (/[\p{Cc}\p{Cf}\p{Cs}\p{Z}]/u.test(text)) return refuse('must not contain blanks or control characters');
  if (text.includes('\\')) return refuse('must not contain a backslash');
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(text)?.[1]?.toLowerCase();
  if (scheme !== 'https' && (scheme !== 'http' || rules.mode === 'live')) {
    return refuse(rules.mode === 'live' ? 'must be https' : 'must be https or http');
  }
  // The parser would also read "https:host" and "https:///host"; nobody who means well writes that.
  const authority = /^https?:\/\/([^/?#]+)(?:[/?#]|$)/i.exec(text)?.[1];
  const url = URL.parse(text);
  if (authority === undefined || url === null)
    return refuse('must be a complete address such as https://shop.example.com/account');
  if (authority.includes('@')) return refuse('must not contain a user name or password');
  if (authority.includes('%')) return refuse('must not contain an encoded host');
  if (rules.mode === 'live' && isIpAddress(url.hostname)) return refuse('must have a host name, not an IP address');
  if (url.href.length > maxLength) return refuse(`must be at most ${maxLength} characters long`);
  if (rules.allowedOrigins.length > 0 && !rules.allowedOrigins.some((one) => URL.parse(one)?.origin === url.origin)) {
    return refuse('must have an origin the workspace allows');
  }
  return succeed(url.href);
}

/** After parsing, every numeric spelling of an IPv4 address is four decimal numbers, and IPv6 stands in brackets. */
function isIpAddress(hostname: string): boolean {
  return hostname.startsWith('[') || /^\d+\.\d+\.\d+\.\d+\.?$/.test(hostname);
}

function refuse(what: string) {
  return fail('validation_error', `returnUrl ${what}.`, { field: 'returnUrl' });
}
