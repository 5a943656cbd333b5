/** What a key may be made for by name: the roles of the published documentation, with the scopes they stand for. */
export const keyRoles = {
  full_access: ['*'],
  read_only: ['plugipay:read'],
  webhook_management_only: ['plugipay:webhook:*'],
} as const satisfies Record<string, readonly string[]>;

export type KeyRole = keyof typeof keyRoles;

/** Every scope with a meaning here, without the leading `plugipay:`. */
const known: ReadonlySet<string> = new Set(
  [
    ['customer', 'create read write'],
    ['plan', 'create read write'],
    ['subscription', 'create read write'],
    ['invoice', 'create read write'],
    ['receipt', 'read write'],
    ['refund', 'create read write'],
    ['paymentmethod', 'create read write'],
    ['checkout', 'read write'],
    ['webhook', 'read write'],
    ['event', 'read write'],
    ['portal', 'create read write'],
    ['apikey', 'write'],
    ['test', 'write'],
  ].flatMap(([noun, verbs]) => [`${noun}:*`, ...(verbs ?? '').split(' ').map((verb) => `${noun}:${verb}`)]),
);

/** Does this text grant anything as a scope of a key? Two-part names of older documents, such as `payments:read`, do not. */
export function isKnownScope(text: string): boolean {
  if (text === '*' || text === 'plugipay:*' || text === 'plugipay:read' || text === 'plugipay:platform:admin')
    return true;
  return text.startsWith('plugipay:') && known.has(text.slice('plugipay:'.length));
}
