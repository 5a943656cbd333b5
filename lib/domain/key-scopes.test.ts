import { expect, it } from 'vitest';
import { isKnownScope, keyRoles } from './key-scopes.ts';

it('the scopes a mint needs, wildcards and the scopes of roles can be put on a key', () => {
  const scopes = [
    'plugipay:portal:create',
    'plugipay:portal:write',
    'plugipay:portal:*',
    'plugipay:*',
    '*',
    'plugipay:platform:admin',
  ];
  for (const scope of [...scopes, ...Object.values(keyRoles).flat()]) expect(isKnownScope(scope), scope).toBe(true);
});

it('misspelt and two-part scopes cannot be put on a key', () => {
  for (const scope of [
    '',
    'portal:create',
    'payments:read',
    'plugipay:portal:writex',
    'plugipay:portal',
    'plugipay:platform:*',
    'plugipay:*:read',
  ]) {
    expect(isKnownScope(scope), scope).toBe(false);
  }
});
