import { createHash } from 'node:crypto';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { disposition } from '@/lib/api/documents.ts';
import type { Answered, MerchantSide } from '@/lib/api/testing/merchant-side.ts';
import { openMerchantSide } from '@/lib/api/testing/merchant-side.ts';
import { minuteMs, secondMs } from '@/lib/domain/time.ts';

let side: MerchantSide;
let key: { bearer: string };
let invoiceId = '';
let number = '';
let receiptId = '';
beforeAll(async () => {
  side = await openMerchantSide();
  key = await side.makeBearerKey(side.workspaceId, 'test', ['*']);
  const lines = [{ description: '<b>Roaster</b> & "Club"', quantity: 2, unitAmount: 74_500 }];
  const body = {
    customerId: side.customerId,
    currency: 'IDR',
    lines,
    tax: 16_390,
    status: 'open',
    memo: 'Thank <you>',
  };
  const made = await side.send(key, { target: '/v1/invoices', body });
  invoiceId = made.data?.id ?? '';
  number = made.data?.number ?? '';
  await side.send(key, { target: `/v1/invoices/${invoiceId}/pay`, body: {} });
  receiptId = (await get(`/invoices/${invoiceId}/receipt`)).data?.id ?? '';
});
beforeEach(() => side.test.setTime(side.test.runtime.now() + secondMs));

const get = (path: string, headers: Record<string, string> = {}) =>
  side.send(key, { method: 'GET', target: `/api/v1${path}`, headers });
const textOf = (answer: Answered) => new TextDecoder().decode(answer.bytes);
const of = (answer: Answered, name: string) => answer.headers.get(name);

describe('a receipt as JSON', () => {
  it('has the layout of the wire: a row in the list, the frozen sale by id and by invoice', async () => {
    const row = {
      id: receiptId,
      number: 'RCP-2026-0001',
      sourceType: 'invoice',
      sourceId: invoiceId,
      customerId: side.customerId,
      amount: 165_390,
      currency: 'IDR',
      method: 'manual',
      adapter: 'manual',
      issuedAt: expect.any(String),
      emailedAt: null,
      emailedTo: null,
    };
    expect((await get('/receipts?sourceType=invoice')).data).toEqual([row]);
    const one = await get(`/receipts/${receiptId}`);
    expect(one.data).toEqual({
      ...row,
      merchant: { brandName: 'Kopi Senja', address: null, taxId: null },
      customer: { id: side.customerId, name: null, email: null },
      lineItems: [{ description: '<b>Roaster</b> & "Club"', quantity: 2, unitAmount: 74_500, amount: 149_000 }],
      subtotal: 149_000,
      discount: 0,
      taxAmount: 16_390,
      total: 165_390,
      providerReference: null,
      template: expect.objectContaining({ taxLabel: 'PPN', taxRate: 0.11 }),
      pdfUrl: null,
    });
    expect((await get(`/invoices/${invoiceId}/receipt`)).data).toEqual(one.data);
  });

  it('a list is narrowed by source, customer and time; bounds are exclusive', async () => {
    const ids = async (query: string) => ((await get(`/receipts?${query}`)).data as unknown as unknown[]).length;
    const { data } = await get(`/receipts/${receiptId}`);
    const at = encodeURIComponent(data?.issuedAt ?? '');
    expect(await ids(`customerId=${side.customerId}`)).toBe(1);
    expect(await ids('customerId=cus_other')).toBe(0);
    expect(await ids('sourceType=checkout_session')).toBe(0);
    expect(await ids(`issuedAfter=${at}`)).toBe(0);
    expect(await ids(`issuedBefore=${at}`)).toBe(0);
    expect(await ids('issuedAfter=2026-01-01T00:00:00Z')).toBe(1);
  });

  it('an invoice that is not paid has none', async () => {
    const lines = [{ description: 'Beans', amount: 5 }];
    const body = { customerId: side.customerId, currency: 'IDR', lines, status: 'open' };
    const { data } = await side.send(key, { target: '/v1/invoices', body });
    expect((await get(`/invoices/${data?.id}/receipt`)).status).toBe(404);
  });
});

describe('documents', () => {
  it('are files of their own kind and name, never stored, whatever the client accepts', async () => {
    const kinds = [
      ['pdf', 'application/pdf', 'attachment'],
      ['html', 'text/html; charset=utf-8', 'inline'],
      ['escpos', 'application/octet-stream', 'attachment'],
    ] as const;
    for (const [form, type, how] of kinds) {
      for (const [path, name] of [
        [`/invoices/${invoiceId}/invoice.${form}`, `invoice-${number}.${form}`],
        [`/receipts/${receiptId}/receipt.${form}`, `receipt-RCP-2026-0001.${form}`],
      ] as const) {
        for (const accept of ['*/*', 'application/json']) {
          const answer = await get(path, { accept });
          expect([answer.status, of(answer, 'content-type')]).toEqual([200, type]);
          expect(of(answer, 'content-disposition')).toBe(`${how}; filename="${name}"`);
          expect(of(answer, 'cache-control')).toBe('no-store');
          expect(of(answer, 'x-content-type-options')).toBe('nosniff');
          expect(Number(of(answer, 'content-length'))).toBe(answer.bytes.length);
        }
      }
    }
    expect(textOf(await get(`/invoices/${invoiceId}/invoice.pdf`)).slice(0, 5)).toBe('%PDF-');
    expect([...(await get(`/receipts/${receiptId}/receipt.escpos`)).bytes.slice(0, 2)]).toEqual([0x1b, 0x40]);
  });

  it('a page runs and loads nothing but its own styles, and shows markup as text', async () => {
    const answer = await get(`/invoices/${invoiceId}/invoice.html`);
    const html = textOf(answer);
    expect(html).toContain('&lt;b&gt;Roaster&lt;/b&gt; &amp; &quot;Club&quot;');
    expect(html).toContain('Thank &lt;you&gt;');
    expect(html).not.toContain('<b>');
    const styles = /<style>([^<]*)<\/style>/.exec(html)?.[1] ?? '';
    const hash = createHash('sha256').update(styles).digest('base64');
    const policy = of(answer, 'content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain(`style-src 'sha256-${hash}'`);
    expect(policy).not.toMatch(/script-src|img-src|unsafe/);
  });

  it('speak the language that is asked for, else the customer’s', async () => {
    expect(textOf(await get(`/invoices/${invoiceId}/invoice.html?locale=id`))).toMatch(/lang="id".*Faktur/s);
    expect(textOf(await get(`/receipts/${receiptId}/receipt.html?locale=en`))).toMatch(/lang="en".*Receipt/s);
    const change = (metadata: object | null) =>
      side.send(key, { method: 'PATCH', target: `/v1/customers/${side.customerId}`, body: { metadata } });
    await change({ locale: 'id' });
    expect(textOf(await get(`/receipts/${receiptId}/receipt.html`))).toContain('Kuitansi');
    await change(null);
    expect(textOf(await get(`/receipts/${receiptId}/receipt.html`))).toContain('Receipt');
    expect((await get(`/receipts/${receiptId}/receipt.html?locale=fr`)).error?.field).toBe('locale');
  });

  it('a roll is as wide as it is asked for, and no other width', async () => {
    const widest = async (query: string) => {
      const { bytes } = await get(`/receipts/${receiptId}/receipt.escpos${query}`);
      return Math.max(
        ...textOf({ bytes } as Answered)
          .split('\n')
          .map((line) => /-{10,}/.exec(line)?.[0].length ?? 0),
      );
    };
    expect(await widest('?width=58')).toBe(32);
    expect(await widest('?width=80')).toBe(48);
    expect(await widest('')).toBe(48);
    const wrong = await get(`/receipts/${receiptId}/receipt.escpos?width=100`);
    expect([wrong.status, wrong.error?.field]).toEqual([400, 'width']);
    expect((await get(`/receipts/${receiptId}/receipt.pdf?width=58`)).error?.field).toBe('width');
  });
});

describe('the address of a PDF', () => {
  const follow = (location: string) =>
    side.send(null, { method: 'GET', target: new URL(location).pathname + new URL(location).search });

  it('needs no key, is good for five minutes, and no longer', async () => {
    const led = await get(`/invoices/${invoiceId}/pdf`);
    expect([led.status, of(led, 'cache-control')]).toEqual([302, 'no-store']);
    const location = of(led, 'location') ?? '';
    expect(location).toMatch(/^http:\/\/localhost:4100\/api\/v1\/documents\/invoice\.pdf\?token=/);
    const file = await follow(location);
    expect([file.status, of(file, 'content-type'), of(file, 'cache-control')]).toEqual([
      200,
      'application/pdf',
      'no-store',
    ]);
    side.test.setTime(side.test.runtime.now() + 5 * minuteMs);
    const over = await follow(location);
    expect([over.status, over.error?.code]).toEqual([404, 'not_found']);
  });

  it('says nothing once it is changed, and leaves no token in the log', async () => {
    const location = of(await get(`/invoices/${invoiceId}/pdf`), 'location') ?? '';
    expect((await follow(`${location.slice(0, -3)}AAA`)).status).toBe(404);
    expect((await follow(location.replace(/token=.*/, ''))).status).toBe(404);
    const token = new URL(location).searchParams.get('token') ?? '';
    await follow(location);
    expect(side.test.logLines.join('\n')).not.toContain(token.slice(-20));
  });
});

it('a file name of other letters is given twice, by RFC 6266, and cannot break the header', () => {
  expect(disposition('attachment', 'invoice-INV-2026-0042.pdf')).toBe(
    'attachment; filename="invoice-INV-2026-0042.pdf"',
  );
  expect(disposition('attachment', 'invoice-Café"\r\n/5.pdf')).toBe(
    `attachment; filename="invoice-Cafe--5.pdf"; filename*=UTF-8''invoice-Caf%C3%A9%22-5.pdf`,
  );
});
