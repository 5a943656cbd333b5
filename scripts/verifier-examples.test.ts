import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { signWebhook } from '@/lib/crypto/webhook-signature.ts';

const secret = 'whsec_example';
const now = 1_772_337_606;
const body = '{"id":"evt_1","note":"Kopi – Senja"}';

/** Hands body, header, secret and time to an example and answers what it made of them, as JSON. */
const examples = {
  'verify-webhook.mjs': (given: string, args: readonly string[]) =>
    run(process.execPath, given, [
      '--input-type=module',
      '-e',
      `import { readFileSync } from 'node:fs';
       import { verifyWebhook } from './docs/examples/verify-webhook.mjs';
       const [header, secret, now] = process.argv.slice(1);
       console.log(JSON.stringify(verifyWebhook(readFileSync(0), header, secret, Number(now))));`,
      ...args,
    ]),
  'verify_webhook.py': (given: string, args: readonly string[]) =>
    run('python3', given, [
      '-B',
      '-c',
      `import json, sys
sys.path.insert(0, 'docs/examples')
from verify_webhook import verify_webhook
header, secret, now = sys.argv[1:]
print(json.dumps(verify_webhook(sys.stdin.buffer.read(), header, secret, float(now))))`,
      ...args,
    ]),
};

function run(program: string, input: string, args: readonly string[]): unknown {
  const { stdout, stderr, status } = spawnSync(program, args, { input, encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout);
}

const hasPython = spawnSync('python3', ['--version']).status === 0;

describe.each(Object.entries(examples))('the example %s', (name, verify) => {
  it.skipIf(name.endsWith('.py') && !hasPython)('takes what is signed here, and nothing else', () => {
    const header = signWebhook(secret, now, body);
    expect(verify(body, [header, secret, String(now)])).toEqual(JSON.parse(body));
    expect(verify(body, [header, secret, String(now + 300)])).toEqual(JSON.parse(body));
    expect(verify(body, [header, secret, String(now + 301)])).toBeNull();
    expect(verify(body, [header, secret, String(now - 301)])).toBeNull();
    expect(verify(`${body} `, [header, secret, String(now)])).toBeNull();
    expect(verify(body, [header, 'whsec_other', String(now)])).toBeNull();
    expect(verify(body, [header.replace('v1=', 'v0='), secret, String(now)])).toBeNull();
    expect(verify(body, ['', secret, String(now)])).toBeNull();
  });
});
