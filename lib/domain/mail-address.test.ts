import fc from 'fast-check';
import { expect, it } from 'vitest';
import { readMailAddress } from './mail-address.ts';

it.each([
  ['dewi@example.com', 'dewi@example.com'],
  ['  dewi+billing@Example.COM ', 'dewi+billing@example.com'],
  ["o'neil@example.co.id", "o'neil@example.co.id"],
  ['dewi@bücher.example', 'dewi@xn--bcher-kva.example'],
])('%s is an address', (text, read) => {
  expect(readMailAddress(text)).toBe(read);
});

it.each([
  '',
  'dewi',
  '@example.com',
  'dewi@example',
  'dewi@127.0.0.1',
  'dewi@0x7f.1',
  'dewi@[::1]',
  'dewi@example.com, other@example.com',
  'dewi@example.com;other@example.com',
  '"Dewi" <dewi@example.com>',
  'dewi@example.com\r\nBcc: other@example.com',
  'dewi\n@example.com',
  'dewi@exam\nple.com',
  'dewi@exam\tple.com',
  'de wi@example.com',
  '.dewi@example.com',
  'dewi..l@example.com',
  'dewi@-example.com',
  'dewi@example.com/path',
  'dewi@other@example.com',
  'dewi%0a@exa%0dmple.com',
  'déwi@example.com',
  `${'d'.repeat(65)}@example.com`,
  `dewi@${'long.'.repeat(60)}example.com`,
])('%j is none', (text) => {
  expect(readMailAddress(text)).toBeNull();
});

it('whatever is read holds nothing that could end or split a header', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.emailAddress()), (text) => {
      const read = readMailAddress(text);
      if (read !== null) expect(read).toMatch(/^[!-~]+@[a-z0-9.-]+$/);
      expect(read ?? '').not.toMatch(/[\s,;:<>"()[\]\\]/);
    }),
  );
});
