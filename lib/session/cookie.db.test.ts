import { expect, it } from 'vitest';
import { openTestRuntime } from '@/lib/data/testing/test-runtime.ts';
import { clearCookie, cookieNames, readSealedCookie, writeCookie, writeSealedCookie } from './cookie.ts';

const names = ['entry', 'session', 'note', 'kept', 'locale'] as const;

function carry(setCookie: string): Request {
  return new Request('http://localhost/', { headers: { cookie: `other=1; ${setCookie.split(';')[0]}` } });
}

it.each(names)(
  'the cookie %s is __Host-, Secure, HttpOnly, Lax, without a domain, written and cleared alike',
  (name) => {
    for (const header of [writeCookie(name, 'x'), clearCookie(name)]) {
      expect(header.startsWith('__Host-')).toBe(true);
      expect(header).toContain('; Path=/; ');
      expect(header).toMatch(/; Secure; HttpOnly; SameSite=Lax$/);
      expect(header.toLowerCase()).not.toContain('domain');
    }
  },
);

it('opens what it sealed, in under 400 bytes; what was changed is empty and counted, and nothing throws', async () => {
  const { runtime, logLines } = await openTestRuntime();
  const cookie = await writeSealedCookie(runtime, 'session', { id: 'a'.repeat(43) });
  expect(await readSealedCookie(runtime, carry(cookie), 'session')).toEqual({ v: 1, id: 'a'.repeat(43) });
  expect(cookie.split(';')[0]?.length).toBeLessThan(450);
  const value = cookie.split(';')[0]?.slice(cookieNames.session.length + 1) ?? '';
  for (const bad of [`${value.slice(0, -2)}xx`, 'Fe26.2*', 'nonsense', '', value.repeat(20)]) {
    const request = new Request('http://localhost/', { headers: { cookie: `${cookieNames.session}=${bad}` } });
    expect(await readSealedCookie(runtime, request, 'session')).toEqual({});
  }
  expect(logLines.some((line) => line.includes('cookie.refused'))).toBe(true);
});

it('a seal lives through a rotation and dies with its key', async () => {
  const old = await openTestRuntime();
  const cookie = await writeSealedCookie(old.runtime, 'session', { id: 'b'.repeat(43) });
  const first = `1:${Buffer.alloc(32, 7).toString('base64')}`;
  const second = `2:${Buffer.alloc(32, 8).toString('base64')}`;
  const both = await openTestRuntime({ PORTAL_KEYS: `${first},${second}` });
  expect(await readSealedCookie(both.runtime, carry(cookie), 'session')).toMatchObject({ id: 'b'.repeat(43) });
  const after = await openTestRuntime({ PORTAL_KEYS: second });
  expect(await readSealedCookie(after.runtime, carry(cookie), 'session')).toEqual({});
});
