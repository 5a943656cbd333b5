import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import type { PortalResult } from '@/lib/domain/portal-result.ts';
import { signResult } from './portal-result.ts';

const { readPortalResult } = await import(new URL('../../docs/examples/portal-result.mjs', import.meta.url).href);

const secret = 'prs_example';
const at = '2027-05-13T03:04:05.000Z';
const result: PortalResult = {
  v: 1,
  ses: 'pls_1',
  flow: null,
  outcome: 'completed',
  changed: [{ id: 'sub_1', what: 'cancel_scheduled' }],
  at,
};
const signed = signResult(secret, result);
const now = Date.parse(at) + 1_000;

describe('the published verifier in JavaScript', () => {
  it('reads what we sign', () => {
    expect(readPortalResult(signed, secret, 'pls_1', now)).toEqual(result);
  });

  it.each([
    ['another key', signed, 'prs_other', 'pls_1', now],
    ['another session', signed, secret, 'pls_2', now],
    ['too old', signed, secret, 'pls_1', now + 600_001],
    ['changed', `x${signed}`, secret, 'pls_1', now],
    ['cut', signed.slice(0, -1), secret, 'pls_1', now],
    ['nothing', undefined, secret, 'pls_1', now],
  ])('refuses %s', (_case, value, key, session, moment) => {
    expect(readPortalResult(value, key, session, moment)).toBeNull();
  });
});

const python = ['python3', 'python'].find((name) => spawnSync(name, ['--version']).status === 0);

it.skipIf(python === undefined)('the published verifier in Python reads what we sign, and nothing else', () => {
  const script = `
import sys, datetime, json
sys.path.insert(0, 'docs/examples')
from portal_result import read_portal_result as read
now = datetime.datetime.fromisoformat('2027-05-13T03:04:06+00:00')
late = datetime.datetime.fromisoformat('2027-05-13T03:14:06+00:00')
v = sys.argv[1]
print(json.dumps([read(v, 'prs_example', 'pls_1', now), read(v, 'other', 'pls_1', now), read(v, 'prs_example', 'pls_2', now), read(v, 'prs_example', 'pls_1', late), read('x' + v, 'prs_example', 'pls_1', now), read(None, 'prs_example', 'pls_1', now)]))
`;
  const ran = spawnSync(python ?? '', ['-B', '-c', script, signed], { encoding: 'utf8' });
  expect(ran.stderr).toBe('');
  expect(JSON.parse(ran.stdout)).toEqual([result, null, null, null, null, null]);
});
