/** What a route of the merchant API asks of a key: `plugipay:<noun>:<verb>`. */
export type NeededScope = `plugipay:${string}:${string}`;

/**
 * Do the scopes on a key meet the needed one? By the same text, `plugipay:<noun>:*`, `plugipay:*`, `*`; `create` also
 * by the noun's `write`, `read` also by `plugipay:read`. The right to act for other merchants is met by its text alone.
 */
export function meetsScope(granted: readonly string[], needed: NeededScope): boolean {
  if (granted.includes(needed)) return true;
  if (needed === platformScope) return false;
  const [, noun, verb] = needed.split(':');
  const others = [`plugipay:${noun}:*`, 'plugipay:*', '*'];
  if (verb === 'create') others.push(`plugipay:${noun}:write`);
  if (verb === 'read') others.push('plugipay:read');
  return others.some((other) => granted.includes(other));
}

/** The right of a platform key to act for a merchant. */
export const platformScope = 'plugipay:platform:admin';
