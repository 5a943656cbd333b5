import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { MerchantSide } from '@/lib/api/testing/merchant-side.ts';
import { openMerchantSide } from '@/lib/api/testing/merchant-side.ts';
import { sendForm } from '@/lib/api/testing/multipart-body.ts';
import { findLogo, findWorkspace } from '@/lib/data/workspaces.ts';
import { receiptBody } from '@/lib/domain/issue-receipt.ts';
import { uploadName } from '@/lib/domain/upload.ts';

type Body = Record<string, unknown>;

let side: MerchantSide;
let key: { bearer: string };
beforeAll(async () => {
  side = await openMerchantSide();
  key = await side.makeBearerKey(side.workspaceId, 'test', ['plugipay:checkout:*']);
});
beforeEach(() => side.test.setTime(side.test.runtime.now() + 1_000));

const target = '/api/v1/checkout/settings';
const read = async () => (await side.send(key, { method: 'GET', target })).data as unknown as Body;
const change = (body: unknown) => side.send(key, { method: 'PATCH', target, body });
const brandIn = async (mode: 'live' | 'test') =>
  (await findWorkspace(side.test.runtime.read, { workspaceId: side.workspaceId, mode }))?.brand;
const upload = async (file: Uint8Array, who: { bearer: string } = key) =>
  side.send(who, { ...sendForm([['file', file]]), target: '/api/v1/uploads/image' });

/** First bytes of each kind of picture, then whatever is given. */
const png = (...rest: number[]) => new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, ...rest]);
const jpeg = new Uint8Array([0xff, 0xd8, 0xff, 0xe0, 1]);
const webp = new Uint8Array([...Buffer.from('RIFF'), 4, 0, 0, 0, ...Buffer.from('WEBP'), 1]);

it('whoever set nothing has nulls, and the methods of the deployment', async () => {
  const mine = await openMerchantSide();
  const fresh = await mine.makeBearerKey(mine.workspaceId, 'test', ['plugipay:checkout:read']);
  expect((await mine.send(fresh, { method: 'GET', target })).data).toEqual({
    enabledMethods: ['va', 'ewallet', 'card'],
    methodOrder: ['va', 'ewallet', 'card'],
    methodAdapter: {},
    brandName: null,
    brandLogoUrl: null,
    brandAccentColor: null,
    brandTagline: null,
    businessPhone: null,
    businessEmail: null,
    businessAddress: null,
    businessTaxId: null,
    receiptTemplate: null,
    availableMethods: ['va', 'ewallet', 'card'],
    methodSupport: { va: ['simulated'], ewallet: ['simulated'], card: ['simulated'] },
  });
  const live = await mine.makeBearerKey(mine.workspaceId, 'live', ['plugipay:checkout:read']);
  expect((await mine.send(live, { method: 'GET', target })).data).toMatchObject({
    availableMethods: [],
    enabledMethods: [],
    methodSupport: {},
  });
});

it('a change is what the portal of its mode reads, keeps what it does not name, and null clears', async () => {
  const first = await change({
    brandName: 'Kopi Senja – Bandung',
    brandAccentColor: '#7A4B2A',
    brandTagline: 'Slow coffee',
    businessEmail: 'halo@example.com',
    businessAddress: 'Jl. Braga 12\nBandung',
    businessTaxId: '01.234.567.8-901.000',
    receiptTemplate: { showTax: true, taxRate: 0.11, thankYouText: 'Thank you!' },
  });
  expect(first.status).toBe(200);
  const next = await change({
    businessPhone: '+62 812 0000',
    brandTagline: null,
    receiptTemplate: { taxLabel: 'PPN' },
  });
  expect(next.data).toMatchObject({
    brandName: 'Kopi Senja – Bandung',
    brandTagline: null,
    businessPhone: '+62 812 0000',
    receiptTemplate: {
      showTax: true,
      taxRate: 0.11,
      taxLabel: 'PPN',
      thankYouText: 'Thank you!',
      footerText: null,
      cashierLabel: null,
      showMerchantAddress: null,
      merchantAddress: null,
      merchantTaxId: null,
    },
  });
  expect(await read()).toEqual(next.data);
  expect(await brandIn('test')).toMatchObject({
    name: 'Kopi Senja – Bandung',
    accentColor: '#7A4B2A',
    email: 'halo@example.com',
    address: 'Jl. Braga 12\nBandung',
    taxId: '01.234.567.8-901.000',
    receipt: { showTax: true, taxRateBasisPoints: 1_100, taxLabel: 'PPN', thankYouText: 'Thank you!' },
  });
  expect(await brandIn('live')).toMatchObject({ name: 'Kopi Senja', accentColor: null, receipt: { showTax: false } });
  await change({ brandName: null, brandAccentColor: null, receiptTemplate: null });
  expect(await read()).toMatchObject({ brandName: null, receiptTemplate: null, businessEmail: 'halo@example.com' });
  expect(await brandIn('test')).toMatchObject({
    name: 'Kopi Senja',
    accentColor: null,
    receipt: { showTax: false, taxLabel: 'PPN', taxRateBasisPoints: 1_100, thankYouText: null },
  });
});

it('what was read can be sent back as it is, without the two computed keys', async () => {
  const logo = (await upload(png(7))).data?.url;
  await change({ brandLogoUrl: logo, methodAdapter: { card: 'simulated' }, receiptTemplate: { taxRate: 0.0825 } });
  const { availableMethods: _available, methodSupport: _support, ...rest } = await read();
  const again = await change(rest);
  expect([again.status, again.error]).toEqual([200, null]);
  expect(again.data).toMatchObject(rest);
  for (const computed of ['availableMethods', 'methodSupport']) {
    expect((await change({ [computed]: [] })).error?.field).toBe(computed);
  }
});

it('a receipt names the address and tax id it was given, the brand’s own otherwise, or no address at all', async () => {
  const sale = { number: 'INV-1', subtotal: 100, discount: 0, tax: 0, total: 100 };
  const billedTo = { name: null, legalName: null, email: null, address: null, taxId: null };
  const merchantOf = async () => {
    const brand = await brandIn('test');
    return brand === undefined ? null : receiptBody(brand, { ...sale, billedTo }, []).merchant;
  };
  await change({ businessAddress: 'Office', businessTaxId: '1', receiptTemplate: null });
  expect(await merchantOf()).toMatchObject({ address: 'Office', taxId: '1' });
  await change({ receiptTemplate: { merchantAddress: 'Shop', merchantTaxId: '2' } });
  expect(await merchantOf()).toMatchObject({ address: 'Shop', taxId: '2' });
  await change({ receiptTemplate: { showMerchantAddress: false } });
  expect(await merchantOf()).toMatchObject({ address: null, taxId: '2' });
  await change({ receiptTemplate: null });
});

it('methods are stored in the order they were given, for one mode', async () => {
  const answer = await change({ enabledMethods: ['card', 'qris'], methodOrder: ['qris', 'card'] });
  expect(answer.data).toMatchObject({
    enabledMethods: ['card', 'qris'],
    methodOrder: ['qris', 'card'],
    availableMethods: ['va', 'ewallet', 'card'],
  });
  const live = await side.makeBearerKey(side.workspaceId, 'live', ['plugipay:checkout:read']);
  expect((await side.send(live, { method: 'GET', target })).data).toMatchObject({ enabledMethods: [] });
});

it('each change leaves an audit line with the names of what was set', async () => {
  await change({ brandName: 'Kopi Senja', methodOrder: ['card'] });
  await change({});
  const lines = await side.test.runtime.read
    .selectFrom('auditLines')
    .select(['act', 'actor', 'detail'])
    .where('workspaceId', '=', side.workspaceId)
    .where('mode', '=', 'test')
    .orderBy('position', 'desc')
    .limit(1)
    .execute();
  expect(lines).toMatchObject([{ act: 'workspace.updated', actor: expect.stringMatching(/^key:/) }]);
  expect(JSON.parse(lines[0]?.detail ?? '')).toEqual({ changed: 'brand.name methodOrder' });
});

it('the last address to ask is not cleared while cancelling is off', async () => {
  const configure = await side.makeBearerKey(side.workspaceId, 'test', ['plugipay:portal:*']);
  const set = (body: Body) => side.send(configure, { method: 'PATCH', target: '/api/v1/portal/configuration', body });
  await change({ businessEmail: 'halo@example.com' });
  expect((await set({ features: { selfServeCancel: false }, cancel: { disabledMessage: 'Ask us.' } })).status).toBe(
    200,
  );
  const answer = await change({ businessEmail: null });
  expect([answer.status, answer.error?.field]).toEqual([400, 'businessEmail']);
  await set({ supportEmail: 'help@example.com' });
  expect((await change({ businessEmail: null })).status).toBe(200);
});

it.each([
  ['brandName', { brandName: '' }],
  ['brandName', { brandName: 'x'.repeat(121) }],
  ['brandName', { brandName: 'Kopi\u202eajneS' }],
  ['brandAccentColor', { brandAccentColor: '#7A4' }],
  ['brandAccentColor', { brandAccentColor: 'red;}' }],
  ['businessEmail', { businessEmail: 'halo' }],
  ['receiptTemplate.taxRate', { receiptTemplate: { taxRate: 11 } }],
  ['receiptTemplate.taxRate', { receiptTemplate: { taxRate: -0.1 } }],
  ['receiptTemplate.taxRate', { receiptTemplate: { taxRate: 0.11115 } }],
  ['receiptTemplate.taxRate', { receiptTemplate: { taxRate: '0.11' } }],
  ['receiptTemplate.colour', { receiptTemplate: { colour: 'red' } }],
  ['receiptTemplate.thankYouText', { receiptTemplate: { thankYouText: '\u2066x' } }],
  ['enabledMethods.0', { enabledMethods: ['bitcoin'] }],
  ['enabledMethods', { enabledMethods: ['card', 'card'] }],
  ['enabledMethods', { enabledMethods: null }],
  ['methodAdapter.card', { methodAdapter: { card: 'xendit' } }],
  ['methodAdapter.qris', { methodAdapter: { qris: 'simulated' } }],
  ['methodAdapter.bitcoin', { methodAdapter: { bitcoin: 'simulated' } }],
  ['businessPhone', { businessPhone: '4242 4242 4242 4242' }],
])('%s is refused when it is wrong', async (field, body) => {
  const before = await read();
  const answer = await change(body);
  expect([answer.status, answer.error?.code, answer.error?.field]).toEqual([400, 'validation_error', field]);
  expect(await read()).toEqual(before);
});

describe('a logo', () => {
  it('is uploaded, served to anybody, set, and shown by the portal under the hash of its bytes', async () => {
    for (const [file, type] of [
      [png(1), 'image/png'],
      [jpeg, 'image/jpeg'],
      [webp, 'image/webp'],
    ] as const) {
      const made = await upload(file);
      expect(made.status).toBe(201);
      expect(made.data).toMatchObject({ url: `/api/v1/files/${made.data?.fileName}`, fileSize: file.length });
      const served = await fetchFile(made.data?.url ?? '');
      expect([served.status, served.headers.get('content-type')]).toEqual([200, type]);
      expect(new Uint8Array(await served.arrayBuffer())).toEqual(file);
      const set = await change({ brandLogoUrl: made.data?.url });
      const path = String(set.data?.brandLogoUrl);
      expect(path).toMatch(/^\/logo\/[0-9a-f]{64}$/);
      expect((await brandIn('test'))?.logoPath).toBe(path);
      expect(await findLogo(side.test.runtime.read, path.slice(6))).toEqual({ type, bytes: file });
    }
    const kept = await change({ brandLogoUrl: (await read()).brandLogoUrl });
    expect([kept.status, kept.data?.brandLogoUrl]).toEqual([200, (await read()).brandLogoUrl]);
    expect((await change({ brandLogoUrl: null })).data?.brandLogoUrl).toBeNull();
    expect((await brandIn('test'))?.logoPath).toBeNull();
  });

  it.each([
    'https://elsewhere.example.com/logo.png',
    `/logo/${'a'.repeat(64)}`,
    `/api/v1/files/${uploadName('a'.repeat(64), 'image/png')}`,
    'data:image/png;base64,AAAA',
  ])('is never taken from %s', async (url) => {
    const answer = await change({ brandLogoUrl: url });
    expect([answer.status, answer.error?.field]).toEqual([400, 'brandLogoUrl']);
  });

  it('is not taken from another workspace or mode, nor larger than a page should load', async () => {
    const other = await side.makeWorkspace('Teh Sore');
    for (const [workspaceId, mode] of [
      [other, 'test'],
      [side.workspaceId, 'live'],
    ] as const) {
      const theirs = await side.makeBearerKey(workspaceId, mode, ['plugipay:checkout:write']);
      const made = await upload(png(2), theirs);
      expect(made.status).toBe(201);
      expect((await change({ brandLogoUrl: made.data?.url })).error?.field).toBe('brandLogoUrl');
    }
    const bytes = new Uint8Array(524_289);
    bytes.set(png());
    const large = await upload(bytes);
    const answer = await change({ brandLogoUrl: large.data?.url });
    expect([answer.status, answer.error?.field]).toEqual([400, 'brandLogoUrl']);
    expect(answer.error?.message).toContain('512 KiB');
  });

  it('stays when so many pictures follow that its upload makes room', async () => {
    const first = await upload(png(3));
    await change({ brandLogoUrl: first.data?.url });
    for (let at = 0; at < 100; at += 1) {
      side.test.setTime(side.test.runtime.now() + 1_000);
      await upload(png(4, at));
    }
    expect((await fetchFile(first.data?.url ?? '')).status).toBe(404);
    const shown = String((await read()).brandLogoUrl);
    expect(await findLogo(side.test.runtime.read, shown.slice(6))).toMatchObject({ type: 'image/png' });
  });
});

describe('an upload', () => {
  const send = (fields: Parameters<typeof sendForm>[0], more: Body = {}) =>
    side.send(key, { ...sendForm(fields), target: '/api/v1/uploads/image', ...more });

  it.each([
    ['an SVG', new Uint8Array(Buffer.from('<svg onload="alert(1)"/>'))],
    ['a page', new Uint8Array(Buffer.from('<html>'))],
    ['a GIF', new Uint8Array(Buffer.from('GIF89a'))],
    ['nothing', new Uint8Array()],
  ])('of %s is refused', async (_name, file) => {
    const answer = await send([['file', file]]);
    expect([answer.status, answer.error?.code, answer.error?.field]).toEqual([400, 'validation_error', 'file']);
  });

  it('takes one file under its name and nothing else', async () => {
    const refused = async (fields: Parameters<typeof sendForm>[0]) => (await send(fields)).error?.field;
    expect(await refused([])).toBe('file');
    expect(await refused([['file', 'text']])).toBe('file');
    expect(await refused([['image', png()]])).toBe('image');
    expect(
      await refused([
        ['file', png()],
        ['file', png()],
      ]),
    ).toBe('file');
    const json = await side.send(key, { target: '/api/v1/uploads/image', body: { file: 'x' } });
    expect([json.status, json.error?.code]).toEqual([415, 'unsupported_media_type']);
    const broken = await send([], { body: 'no parts at all' });
    expect([broken.status, broken.error?.field]).toEqual([400, 'body']);
  });

  it('holds up to 5 MB', async () => {
    const most = 5 * 1_024 * 1_024;
    const full = new Uint8Array(most);
    full.set(png());
    expect((await send([['file', full]])).data).toMatchObject({ fileSize: most });
    const over = new Uint8Array(most + 1);
    over.set(png());
    const answer = await send([['file', over]]);
    expect([answer.status, answer.error?.code]).toEqual([413, 'payload_too_large']);
  });

  it('is signed without its body, and repeated under its idempotency key with whatever stands around the file', async () => {
    const signer = await side.makeKey(side.workspaceId, 'test', ['plugipay:checkout:write']);
    const sent = { ...sendForm([['file', png(9)]]), target: '/v1/uploads/image', idempotencyKey: 'idem_logo' };
    const first = await side.send(signer, sent);
    expect(first.status).toBe(201);
    const other = Buffer.from(sent.body as Uint8Array)
      .toString('latin1')
      .replaceAll('b0undary', 'another');
    const again = await side.send(signer, {
      ...sent,
      body: new Uint8Array(Buffer.from(other, 'latin1')),
      headers: { 'content-type': 'multipart/form-data; boundary=another' },
    });
    expect([again.status, again.headers.get('idempotency-replayed')]).toEqual([201, 'true']);
    expect(again.data).toEqual(first.data);
    const swapped = await side.send(signer, { ...sent, ...sendForm([['file', png(10)]]) });
    expect([swapped.status, swapped.error?.code]).toEqual([409, 'idempotency_key_reused']);
  });

  it('is found by its name alone', async () => {
    for (const name of ['img-x.png', '..%2fmeta', `${uploadName('b'.repeat(64), 'image/png')}`, '%E0%A4%A']) {
      expect((await fetchFile(`/api/v1/files/${name}`)).status).toBe(404);
    }
  });
});

/** Asks for a file as a browser would: no key. */
async function fetchFile(path: string): Promise<Response> {
  return side.fetchRaw(
    new Request('http://portal.invalid/', { headers: { 'x-raw-target': path, 'x-peer': '192.0.2.8' } }),
  );
}
