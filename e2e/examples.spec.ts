import { execFile } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect } from '@playwright/test';
import { createApiKey } from '@/lib/operations/create-api-key.ts';
import { test } from './fixtures.ts';
import { type LaidMerchant, layMerchant, openBeside } from './portal-data.ts';

const run = promisify(execFile);
const examples = path.resolve(import.meta.dirname, '../docs/examples');
const link = /^http:\/\/localhost:\d+\/p\/[\w.-]+$/;

let folder = '';
let merchant: LaidMerchant;
let bearer = '';

test.beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'billing-portal-examples-'));
  const on = await openBeside(JSON.parse(process.env.PORTAL_E2E_ENVIRONMENT ?? '{}'));
  merchant = await layMerchant(on, `examples${process.pid}`, 1);
  const key = await createApiKey(on, merchant.scope, { kind: 'bearer', scopes: ['plugipay:portal:create'] });
  if (key.ok) bearer = key.value.secret.reveal();
  await on.close();
});
test.afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The variables a merchant's server has; the frameworks' own parts are played by a few lines beside the example. */
function environment(): NodeJS.ProcessEnv {
  return {
    ...process.env,
    SECRET_KEY: 'test',
    PLUGIPAY_BASE_URL: merchant.key.origin,
    PLUGIPAY_KEY_ID: merchant.key.keyId,
    PLUGIPAY_SECRET: merchant.key.secret,
    PLUGIPAY_API_KEY: bearer,
    CUSTOMER_ID: merchant.customers[0],
  };
}

test('the Flask example of the README sends the buyer to a fresh link with 303', async () => {
  const place = path.join(folder, 'flask');
  mkdirSync(place);
  copyFileSync(path.join(examples, 'flask_app.py'), path.join(place, 'flask_app.py'));
  writeFileSync(
    path.join(place, 'flask.py'),
    [
      'import os',
      'session = {"customer_id": os.environ["CUSTOMER_ID"]}',
      'redirect = lambda url, status: print(status, url)',
      'class Flask:',
      '  def __init__(self, name): pass',
      '  def post(self, path): return lambda handler: handler',
    ].join('\n'),
  );
  const { stdout } = await run('python3', ['-c', 'import flask_app; flask_app.manage_billing()'], {
    cwd: place,
    env: environment(),
  });
  const [status, url] = stdout.trim().split(' ');
  expect(status).toBe('303');
  expect(url).toMatch(link);
});

test('the Express example of the README sends the buyer to a fresh link with 303', async () => {
  const place = path.join(folder, 'express');
  mkdirSync(path.join(place, 'node_modules/express'), { recursive: true });
  copyFileSync(path.join(examples, 'express-app.mjs'), path.join(place, 'express-app.mjs'));
  writeFileSync(path.join(place, 'node_modules/express/package.json'), '{"main":"index.js"}');
  writeFileSync(
    path.join(place, 'node_modules/express/index.js'),
    'module.exports = () => ({ post(path, handler) { this.handler = handler; } });',
  );
  writeFileSync(
    path.join(place, 'press.mjs'),
    [
      "import { app } from './express-app.mjs';",
      'const request = { session: { customerId: process.env.CUSTOMER_ID } };',
      "await app.handler(request, { redirect: (...said) => console.log(said.join(' ')) });",
    ].join('\n'),
  );
  const { stdout } = await run(process.execPath, ['press.mjs'], { cwd: place, env: environment() });
  const [status, url] = stdout.trim().split(' ');
  expect(status).toBe('303');
  expect(url).toMatch(link);
});

test('the Next.js example of the README sends the buyer to a fresh link with 303', async () => {
  const place = path.join(folder, 'next');
  mkdirSync(path.join(place, 'node_modules/@/your-own/sign-in'), { recursive: true });
  copyFileSync(path.join(examples, 'next-route.ts'), path.join(place, 'route.mts'));
  writeFileSync(path.join(place, 'node_modules/@/your-own/package.json'), '{"exports":{"./sign-in":"./sign-in.mjs"}}');
  writeFileSync(
    path.join(place, 'node_modules/@/your-own/sign-in.mjs'),
    'export const requireCustomerId = async () => process.env.CUSTOMER_ID;',
  );
  writeFileSync(
    path.join(place, 'press.mjs'),
    [
      "import { POST } from './route.mts';",
      'const answer = await POST();',
      "console.log([answer.status, answer.headers.get('location')].join(' '));",
    ].join('\n'),
  );
  const { stdout } = await run(process.execPath, ['press.mjs'], { cwd: place, env: environment() });
  const [status, url] = stdout.trim().split(' ');
  expect(status).toBe('303');
  expect(url).toMatch(link);
});
