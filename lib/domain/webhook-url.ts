import { isAddress, isLoopbackAddress, isPublicAddress } from './net-address.ts';
import type { Result } from './result.ts';
import { fail, succeed } from './result.ts';
import type { Mode } from './viewer.ts';

const maxLength = 2_048;

/** Names that lead to a host's own metadata or to this host, whatever they resolve to. */
const refusedNames = /(^|\.)(localhost|local|internal|metadata|home\.arpa)$/;

/** What an address to send to must be: https, in test mode http too; loopback only where the operator lets test mode reach it. */
export type WebhookUrlRules = { readonly mode: Mode; readonly allowLoopback: boolean };

/**
 * Reads the address of a receiver into its parsed form, which is what is stored and called. Refused: user names, other
 * ports than 443 and 8443 in live mode, and hosts that are no public ones, in every numeric spelling. What a name
 * resolves to is judged at each attempt.
 */
export function readWebhookUrl(text: string, rules: WebhookUrlRules): Result<string, 'validation_error'> {
  if (text.length > maxLength) return refuse(`must be at most ${maxLength} characters long`);
  if (/[\p{Cc}\p{Cf}\p{Cs}\p{Z}\\]/u.test(text)) {
    return refuse('must not contain blanks, control characters or a backslash');
  }
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(text)?.[1]?.toLowerCase();
  if (scheme !== 'https' && (scheme !== 'http' || rules.mode === 'live')) {
    return refuse(rules.mode === 'live' ? 'must be https' : 'must be https or http');
  }
  const authority = /^https?:\/\/([^/?#]+)(?:[/?#]|$)/i.exec(text)?.[1];
  const url = URL.parse(text);
  if (authority === undefined || url === null) {
    return refuse('must be a complete address such as https://shop.example.com/hooks');
  }
  if (authority.includes('@')) return refuse('must not contain a user name or password');
  if (authority.includes('%')) return refuse('must not contain an encoded host');
  url.hash = '';
  const host = hostOf(url);
  const isLet = rules.allowLoopback && rules.mode === 'test' && isOwnHost(host);
  if (!isLet && !isPublicHost(host)) {
    return refuse('must lead to a public host, not to a private or local address');
  }
  if (rules.mode === 'live' && !['', '8443'].includes(url.port)) return refuse('must use port 443 or 8443');
  if (url.href.length > maxLength) return refuse(`must be at most ${maxLength} characters long`);
  return succeed(url.href);
}

/** The host a parsed address names, without the brackets of IPv6 and without a final dot. */
export function hostOf(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
}

/** May something be sent to this address: one of the public network, or loopback where that is let. */
export function maySendTo(address: string, rules: WebhookUrlRules): boolean {
  return isPublicAddress(address) || (rules.allowLoopback && rules.mode === 'test' && isLoopbackAddress(address));
}

/** Is this host, of a parsed address, this machine by name or by number? */
export function isOwnHost(host: string): boolean {
  return /(^|\.)localhost$/.test(host) || isLoopbackAddress(host);
}

/** A public address, or a name of more than one part that may lead to one. */
function isPublicHost(host: string): boolean {
  if (isAddress(host)) return isPublicAddress(host);
  return /^[^.]+(\.[^.]+)+$/.test(host) && !refusedNames.test(host);
}

function refuse(what: string) {
  return fail('validation_error', `url ${what}.`, { field: 'url' });
}
