import { beforeAll, beforeEach, expect, it } from 'vitest';
import type { MerchantSide } from '@/lib/api/testing/merchant-side.ts';
import { openMerchantSide } from '@/lib/api/testing/merchant-side.ts';
import { everyText } from '@/lib/data/testing/every-text.ts';
import { findWorkspace } from '@/lib/data/workspaces.ts';

let side: MerchantSide;
let key: { bearer: string };
beforeAll(async () => {
  side = await openMerchantSide();
  key = await side.makeBearerKey(side.workspaceId, 'test', ['plugipay:portal:*']);
});
beforeEach(() => side.test.setTime(side.test.runtime.now() + 1_000));

const target = '/api/v1/portal/configuration';
const read = async () => (await side.send(key, { method: 'GET', target })).data as unknown as Record<string, unknown>;
const change = (body: unknown) => side.send(key, { method: 'PATCH', target, body });
const obeyed = async (mode: 'live' | 'test') =>
  (await findWorkspace(side.test.runtime.read, { workspaceId: side.workspaceId, mode }))?.configuration;

it('whoever sets nothing has a complete portal', async () => {
  expect(await read()).toMatchObject({
    accountId: side.workspaceId,
    mode: 'test',
    preset: 'complete',
    linkLifetimeSeconds: 600,
    sessionIdleSeconds: 1_800,
    sessionAbsoluteSeconds: 7_200,
    features: { selfServeCancel: true },
    version: 1,
  });
});

it('a change holds for its mode alone, raises the version, and keeps what it does not name', async () => {
  const { version } = await read();
  const answer = await change({ linkLifetimeSeconds: 900, paymentMethods: { remove: false } });
  expect(answer.data).toMatchObject({ version: Number(version) + 1, paymentMethods: { add: true, remove: false } });
  expect(await read()).toEqual(answer.data);
  expect(await obeyed('test')).toMatchObject({ linkLifetimeSeconds: 900, paymentMethods: { remove: false } });
  expect(await obeyed('live')).toMatchObject({ linkLifetimeSeconds: 600, paymentMethods: { remove: true } });
  const event = await side.test.runtime.read
    .selectFrom('outbox')
    .select(['type', 'data'])
    .where('type', '=', 'plugipay.portal_configuration.updated.v1')
    .executeTakeFirstOrThrow();
  expect(JSON.parse(event.data)).toMatchObject({ version: Number(version) + 1, object: { linkLifetimeSeconds: 900 } });
});

it('a preset fills what the workspace does not set itself', async () => {
  await change({ supportEmail: 'halo@example.com', cancel: { disabledMessage: 'Write to us to cancel.' } });
  await change({ preset: 'view_only', invoices: { pay: true } });
  expect(await obeyed('test')).toMatchObject({
    features: { selfServeCancel: false, updatePaymentMethod: false },
    paymentMethods: { view: true, add: false },
    invoices: { view: true, pay: true },
  });
  await change({ receipts: { emailTo: 'any' } });
  expect(await obeyed('test')).toMatchObject({ receipts: { view: true, pdf: true, emailTo: 'any' } });
  await change({ preset: 'complete', receipts: { emailTo: 'own' } });
  expect(await obeyed('test')).toMatchObject({ features: { selfServeCancel: true }, paymentMethods: { add: true } });
});

it('cancelling cannot be off with no word why, or nobody to ask', async () => {
  await change({ supportEmail: null, cancel: { disabledMessage: null } });
  const before = await read();
  const silent = await change({ features: { selfServeCancel: false } });
  expect([silent.status, silent.error?.field]).toEqual([400, 'cancel.disabledMessage']);
  const lonely = await change({ features: { selfServeCancel: false }, cancel: { disabledMessage: 'Call us.' } });
  expect([lonely.status, lonely.error?.field]).toEqual([400, 'supportEmail']);
  const withPreset = await change({ preset: 'documents_only' });
  expect([withPreset.status, withPreset.error?.field]).toEqual([400, 'cancel.disabledMessage']);
  expect(await read()).toEqual(before);
});

it.each([
  [{ linkLifetimeSeconds: 299 }, 'linkLifetimeSeconds'],
  [{ linkLifetimeSeconds: 901 }, 'linkLifetimeSeconds'],
  [{ allowedReturnOrigins: ['https://shop.example.com/path'] }, 'allowedReturnOrigins'],
  [{ timeZone: 'Mars/Olympus' }, 'timeZone'],
  [{ supportUrl: 'javascript:alert(1)' }, 'supportUrl'],
  [{ cancel: { timing: [] } }, 'cancel.timing'],
  [{ cancel: { timing: ['later'] } }, 'cancel.timing.0'],
  [{ receipts: { emailTo: 'all' } }, 'receipts.emailTo'],
  [{ preset: 'everything' }, 'preset'],
  [{ sessionIdleSeconds: 60 }, 'sessionIdleSeconds'],
])('%j is refused by its field', async (body, field) => {
  const answer = await change(body);
  expect([answer.status, answer.error?.code, answer.error?.field]).toEqual([400, 'validation_error', field]);
});

it('the key of signed results is shown when it is turned on, and never again', async () => {
  const on = await change({ signResult: true });
  const { resultSecret } = on.data as unknown as { resultSecret: string };
  expect(resultSecret).toMatch(/^prs_[A-Za-z0-9_-]{43}$/);
  expect(Object.keys(await read())).not.toContain('resultSecret');
  expect(Object.keys((await change({ signResult: true, theme: { corners: 'round' } })).data ?? {})).not.toContain(
    'resultSecret',
  );
  expect((await everyText(side.test.runtime)).join('\n')).not.toContain(resultSecret);
  await change({ signResult: false });
  const again = await change({ signResult: true, theme: { corners: 'soft' } });
  expect((again.data as unknown as { resultSecret: string }).resultSecret).not.toBe(resultSecret);
});
