import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { anInvoice, aReceipt } from '@/lib/api/testing/invoice-samples.ts';
import type { MerchantSide } from '@/lib/api/testing/merchant-side.ts';
import { openMerchantSide } from '@/lib/api/testing/merchant-side.ts';
import type { SamplePlace } from '@/lib/api/testing/route-samples.ts';
import { findMailboxMail, listMailboxMails } from '@/lib/data/mailbox.ts';
import { dueMails } from '@/lib/data/mails.ts';
import { explain } from '@/lib/data/testing/explain.ts';
import { testEngine, testNow } from '@/lib/data/testing/test-runtime.ts';
import { hourMs, minuteMs } from '@/lib/domain/time.ts';
import type { Mode } from '@/lib/domain/viewer.ts';
import { purge } from '@/lib/jobs/purge.ts';
import { sendMails } from '@/lib/jobs/send-mails.ts';
import type { SmtpServer } from '@/lib/mail/testing/smtp-server.ts';
import { openSmtpServer } from '@/lib/mail/testing/smtp-server.ts';

let server: SmtpServer;
let side: MerchantSide;
let now = testNow;

async function open(environment: Record<string, string> = {}): Promise<void> {
  side = await openMerchantSide({
    PORTAL_SMTP_URL: `smtp://127.0.0.1:${server.port}`,
    PORTAL_MAIL_FROM: 'billing@portal.example.com',
    ...environment,
  });
}

beforeEach(async () => {
  now = testNow;
  server = await openSmtpServer();
  await open();
});
afterEach(async () => {
  await side.test.close();
  await server.close();
});

const run = () => sendMails.run(side.test.runtime);

function wait(ms: number): void {
  now += ms;
  side.test.setTime(now);
}

async function place(mode: Mode, email: string | null = 'dewi@example.com', locale?: string): Promise<SamplePlace> {
  const { workspaceId } = side;
  const customerId = await side.makeCustomer(workspaceId, mode);
  await side.test.runtime.write((tx) =>
    tx
      .updateTable('customers')
      .set({ email, name: 'Dewi Lestari', metadata: locale === undefined ? null : JSON.stringify({ locale }) })
      .where('id', '=', customerId)
      .execute(),
  );
  return { side, workspaceId, mode, customerId };
}

async function post(where: SamplePlace, target: string, body: unknown = {}, idempotencyKey?: string) {
  const key = await side.makeBearerKey(where.workspaceId, where.mode, ['*']);
  return side.send(key, { target: `/v1${target}`, body, ...(idempotencyKey === undefined ? {} : { idempotencyKey }) });
}

async function get(where: SamplePlace, target: string) {
  const key = await side.makeBearerKey(where.workspaceId, where.mode, ['*']);
  return (await side.send(key, { method: 'GET', target: `/v1${target}` })).data;
}

async function receiptIn(where: SamplePlace): Promise<string> {
  return (await aReceipt(where)).params?.id ?? '';
}

async function invoiceIn(where: SamplePlace, status: 'open' | 'draft' = 'open'): Promise<string> {
  return (await anInvoice(where, status)).params?.id ?? '';
}

async function eventsNamed(type: string) {
  const rows = await side.test.runtime.read.selectFrom('outbox').select('data').where('type', '=', type).execute();
  return rows.map((row) => JSON.parse(row.data));
}

async function mails() {
  return side.test.runtime.read
    .selectFrom('mails')
    .select(['id', 'status', 'attempts', 'lostAttempts', 'nextAttemptAt', 'recipient'])
    .orderBy('id')
    .execute();
}

describe('in test mode', () => {
  it('a receipt goes to the mailbox and never to the mail server', async () => {
    const where = await place('test');
    const id = await receiptIn(where);
    const asked = await post(where, `/receipts/${id}/email`);
    expect([asked.status, asked.data]).toEqual([200, { sent: true, to: 'dewi@example.com' }]);
    expect(await get(where, `/receipts/${id}`)).toMatchObject({ emailedAt: null, emailedTo: null });
    wait(1_000);
    expect(await run()).toBe(1);
    expect(await run()).toBe(0);
    expect(await get(where, `/receipts/${id}`)).toMatchObject({
      emailedAt: new Date(now).toISOString(),
      emailedTo: 'dewi@example.com',
    });
    const [event] = await eventsNamed('plugipay.receipt.emailed.v1');
    expect(event).toMatchObject({ to: 'dewi@example.com', object: { id, emailedTo: 'dewi@example.com' } });
    const { read } = side.test.runtime;
    const [listed] = await listMailboxMails(read, where, 10);
    const mail = listed === undefined ? null : await findMailboxMail(read, where, listed.mailId);
    expect(mail?.subject).toMatch(/^\[TEST\] Receipt RCP-2026-0001 from Kopi Senja$/);
    expect(mail?.text).toContain('Rp\u00a0165,390');
    expect(mail?.text).toContain('Test mode. No real money moved.');
    expect(Buffer.from(mail?.attachment.bytes ?? []).toString('latin1')).toMatch(/^%PDF-/);
    expect(server.commands).toEqual([]);
    expect(await listMailboxMails(read, { ...where, mode: 'live' }, 10)).toEqual([]);
  });

  it('the mailbox forgets after thirty days, and the receipt does not', async () => {
    const where = await place('test');
    const id = await receiptIn(where);
    await post(where, `/receipts/${id}/email`);
    await run();
    wait(31 * 24 * hourMs);
    await purge.run(side.test.runtime);
    expect(await mails()).toEqual([]);
    expect(await listMailboxMails(side.test.runtime.read, where, 10)).toEqual([]);
    expect(await get(where, `/receipts/${id}`)).toMatchObject({ emailedTo: 'dewi@example.com' });
  });

  it('works without a mail server', async () => {
    await side.test.close();
    await open({ PORTAL_SMTP_URL: '', PORTAL_MAIL_FROM: '' });
    const where = await place('test');
    expect((await post(where, `/invoices/${await invoiceIn(where)}/send-email`)).status).toBe(200);
    await run();
    expect(await listMailboxMails(side.test.runtime.read, where, 10)).toHaveLength(1);
  });
});

describe('in live mode', () => {
  it('an invoice goes out with its PDF, to the address that was asked for and to no other', async () => {
    const where = await place('live');
    const id = await invoiceIn(where);
    const asked = await post(where, `/invoices/${id}/send-email`, { to: 'Books@Example.COM' });
    expect([asked.status, asked.data]).toEqual([200, { sent: true, to: 'Books@example.com' }]);
    expect(server.arrived).toEqual([]);
    await run();
    expect(server.arrived).toHaveLength(1);
    expect(server.arrived[0]?.to).toEqual(['<Books@example.com>']);
    expect(server.arrived[0]?.message).toContain('Subject: Invoice INV-2026-0001 from Kopi Senja');
    expect(server.arrived[0]?.message).toContain('Content-Type: application/pdf; name=invoice-INV-2026-0001.pdf');
    expect(await eventsNamed('plugipay.invoice.sent.v1')).toEqual([]);
    expect(await listMailboxMails(side.test.runtime.read, where, 10)).toEqual([]);
  });

  it('send mails the invoice, answers it, and tells to whom it went', async () => {
    const where = await place('live');
    const id = await invoiceIn(where);
    const asked = await post(where, `/invoices/${id}/send`);
    expect(asked.status).toBe(200);
    expect(asked.data).toEqual(await get(where, `/invoices/${id}`));
    const [event] = await eventsNamed('plugipay.invoice.sent.v1');
    expect(event).toMatchObject({ to: 'dewi@example.com', object: { id, status: 'open' } });
    await run();
    expect(server.arrived.map(({ to }) => to)).toEqual([['<dewi@example.com>']]);
  });

  it('a mail is in the language of the customer', async () => {
    const where = await place('live', 'dewi@example.com', 'id');
    await post(where, `/receipts/${await receiptIn(where)}/email`);
    await run();
    expect(server.arrived[0]?.message).toContain('Subject: Kuitansi RCP-2026-0001 dari Kopi Senja');
  });

  it('without a mail server nothing is promised: 503, and nothing is queued or kept under the key', async () => {
    await side.test.close();
    await open({ PORTAL_SMTP_URL: '', PORTAL_MAIL_FROM: '' });
    const where = await place('live');
    const [invoice, receipt] = [await invoiceIn(where), await receiptIn(where)];
    for (const target of [
      `/invoices/${invoice}/send`,
      `/invoices/${invoice}/send-email`,
      `/receipts/${receipt}/email`,
    ]) {
      const asked = await post(where, target, {}, 'one-key-for-all-of-them');
      expect([asked.status, asked.error?.code]).toEqual([503, 'service_unavailable']);
    }
    expect(await mails()).toEqual([]);
    expect(await eventsNamed('plugipay.invoice.sent.v1')).toEqual([]);
  });
});

describe('what is asked for', () => {
  it.each(['draft', 'void'] as const)('an invoice that is %s is not mailed', async (status) => {
    const where = await place('test');
    const id = await invoiceIn(where, status === 'draft' ? 'draft' : 'open');
    if (status === 'void') await post(where, `/invoices/${id}/void`);
    for (const act of ['send', 'send-email']) {
      const asked = await post(where, `/invoices/${id}/${act}`);
      expect([asked.status, asked.error?.code]).toEqual([409, 'conflict']);
    }
    expect(await mails()).toEqual([]);
  });

  it('a customer without an email needs an address', async () => {
    const where = await place('test', null);
    const asked = await post(where, `/receipts/${await receiptIn(where)}/email`);
    expect([asked.status, asked.error?.field]).toEqual([400, 'to']);
  });

  it.each([
    'dewi@example.com,other@example.com',
    'dewi@example.com\r\nBcc: other@example.com',
    '"Dewi"<dewi@example.com>',
    'dewi@[127.0.0.1]',
    'dewi',
    '',
  ])('%j is no address to mail to', async (to) => {
    const where = await place('test');
    const asked = await post(where, `/receipts/${await receiptIn(where)}/email`, { to });
    expect([asked.status, asked.error?.code, asked.error?.field]).toEqual([400, 'validation_error', 'to']);
    expect(await mails()).toEqual([]);
  });

  it('the same request under one key asks for one mail', async () => {
    const where = await place('live');
    const id = await invoiceIn(where);
    const [first, second] = [
      await post(where, `/invoices/${id}/send-email`, {}, 'key-1'),
      await post(where, `/invoices/${id}/send-email`, {}, 'key-1'),
    ];
    expect(second.data).toEqual(first.data);
    await run();
    expect(server.arrived).toHaveLength(1);
  });
});

describe('a mail that is not taken at once', () => {
  it('is tried again, later and later, until it is', async () => {
    const where = await place('live');
    const id = await receiptIn(where);
    server.script = { RCPT: '450 4.2.0 come again later' };
    await post(where, `/receipts/${id}/email`);
    await run();
    expect(await mails()).toMatchObject([{ status: 'queued', attempts: 1, nextAttemptAt: now + minuteMs }]);
    wait(minuteMs - 1);
    expect(await run()).toBe(0);
    wait(1);
    expect(await run()).toBe(1);
    server.script = {};
    wait(3 * minuteMs);
    expect(await run()).toBe(1);
    expect(server.arrived).toHaveLength(1);
    expect(await get(where, `/receipts/${id}`)).toMatchObject({ emailedTo: 'dewi@example.com' });
    expect(side.test.logLines.join('\n')).not.toContain('dewi@example.com');
  });

  it('is given up after a day, and the receipt says nothing of it', async () => {
    const where = await place('live');
    const id = await receiptIn(where);
    await post(where, `/receipts/${id}/email`);
    server.script = { MAIL: '451 4.3.0 out of order' };
    let attempts = 0;
    for (let hours = 0; hours < 30; hours += 1) {
      attempts += await run();
      wait(hourMs);
    }
    expect(attempts).toBeGreaterThan(5);
    expect(await mails()).toMatchObject([{ status: 'given_up' }]);
    expect(await get(where, `/receipts/${id}`)).toMatchObject({ emailedAt: null, emailedTo: null });
    expect(await eventsNamed('plugipay.receipt.emailed.v1')).toEqual([]);
  });

  it('is not tried again where the server will never take it', async () => {
    const where = await place('live');
    await post(where, `/receipts/${await receiptIn(where)}/email`);
    server.script = { RCPT: '550 5.1.1 no such mailbox' };
    await run();
    wait(25 * hourMs);
    expect(await run()).toBe(0);
    expect(await mails()).toMatchObject([{ status: 'refused', attempts: 1 }]);
  });

  it('goes out twice at the most when its senders die, each time under the same Message-ID', async () => {
    const where = await place('live');
    await post(where, `/receipts/${await receiptIn(where)}/email`);
    const { runtime } = side.test;
    // Dies after the server took it, before its own note of that.
    const dying = async () => {
      const before = server.arrived.length;
      const write: typeof runtime.write = (work) =>
        server.arrived.length > before ? Promise.reject(new Error('The process dies here.')) : runtime.write(work);
      await sendMails.run({ ...runtime, write });
    };
    for (const copies of [1, 2]) {
      await dying();
      expect(server.arrived).toHaveLength(copies);
      expect(await run()).toBe(0);
      wait(6 * minuteMs);
    }
    expect(await run()).toBe(1);
    expect(await mails()).toMatchObject([{ status: 'given_up', lostAttempts: 2 }]);
    const ids = server.arrived.map(({ message }) => /^Message-ID: .+$/m.exec(message)?.[0]);
    expect(ids).toHaveLength(2);
    expect(new Set(ids).size).toBe(1);
  });

  it('goes out a second time, and is settled by it, when nobody knows how the first time ended', async () => {
    const where = await place('live');
    const id = await receiptIn(where);
    await post(where, `/receipts/${id}/email`);
    server.script = { BODY: 'hangUp' };
    await run();
    expect(await mails()).toMatchObject([{ status: 'queued', lostAttempts: 1 }]);
    server.script = {};
    wait(minuteMs);
    await run();
    expect(await mails()).toMatchObject([{ status: 'accepted', attempts: 2 }]);
    expect(await eventsNamed('plugipay.receipt.emailed.v1')).toHaveLength(1);
  });
});

it('several instances send each mail once', async () => {
  const where = await place('live');
  const id = await invoiceIn(where);
  for (let count = 0; count < 12; count += 1)
    await post(where, `/invoices/${id}/send-email`, { to: `to-${count}@example.com` });
  const others = [await side.test.openAnother(), await side.test.openAnother()];
  for (let round = 0; round < 3; round += 1) {
    await run();
    for (const other of others) await sendMails.run(other);
  }
  expect(server.arrived.map(({ to }) => to[0]).sort()).toEqual(
    Array.from({ length: 12 }, (_, count) => `<to-${count}@example.com>`).sort(),
  );
});

it('asks for what is due by its index, and what is not due costs one look', async () => {
  const query = dueMails(side.test.runtime.read, ['live', 'test'], now).limit(1).compile();
  const plan = await explain(side.test.runtime, query);
  if (testEngine === 'sqlite') expect(plan).toContain('mails_due');
  expect(plan).not.toMatch(/Seq Scan|SCAN mails(?! USING)/);
});
