import { expect, it } from 'vitest';
import { meetsScope } from './scopes.ts';

it.each(['plugipay:portal:create', 'plugipay:portal:write', 'plugipay:portal:*', 'plugipay:*', '*'])(
  'minting is met by %s',
  (granted) => {
    expect(meetsScope(['plugipay:customer:read', granted], 'plugipay:portal:create')).toBe(true);
  },
);

it.each([
  'plugipay:portal:writex',
  'plugipay:portal:read',
  'plugipay:port:*',
  'plugipay:portal',
  'plugipay:portal:',
  'plugipay:read',
  'plugipay',
  'plugipay:*:create',
  'portal:create',
  'PLUGIPAY:PORTAL:CREATE',
  'plugipay:portal:create ',
  'plugipay:platform:admin',
  '**',
  '',
])('minting is not met by %j', (granted) => {
  expect(meetsScope([granted], 'plugipay:portal:create')).toBe(false);
});

it('reading is met by plugipay:read, and neither create nor write implies it', () => {
  expect(meetsScope(['plugipay:read'], 'plugipay:portal:read')).toBe(true);
  expect(meetsScope(['plugipay:portal:write', 'plugipay:portal:create'], 'plugipay:portal:read')).toBe(false);
});

it('create does not imply write', () => {
  expect(meetsScope(['plugipay:portal:create'], 'plugipay:portal:write')).toBe(false);
});

it.each(['*', 'plugipay:*', 'plugipay:platform:*', 'plugipay:platform:write'])(
  'acting for other merchants is not met by %s',
  (granted) => {
    expect(meetsScope([granted], 'plugipay:platform:admin')).toBe(false);
  },
);

it('acting for other merchants is met by its own text', () => {
  expect(meetsScope(['plugipay:platform:admin'], 'plugipay:platform:admin')).toBe(true);
});
