import { afterEach, beforeEach, expect, it } from 'vitest';
import { listMailboxMails } from '@/lib/data/mailbox.ts';
import type { TestRuntime } from '@/lib/data/testing/test-runtime.ts';
import { openTestRuntime, testNow } from '@/lib/data/testing/test-runtime.ts';
import type { ReceiptId } from '@/lib/domain/ids.ts';
import { hourMs, minuteMs } from '@/lib/domain/time.ts';
import { sendMails } from '@/lib/jobs/send-mails.ts';
import { emailReceipt } from './email-receipt.ts';
import { payInvoiceElsewhere } from './pay-invoice-elsewhere.ts';
import type { SeededBuyer } from './testing/a-buyer.ts';
import { aBuyer } from './testing/a-buyer.ts';

let test: TestRuntime;
let buyer: SeededBuyer;
let receiptId: ReceiptId;
let forms = 0;

beforeEach(async () => {
  test = await openTestRuntime();
  buyer = await aBuyer(test, testNow);
  const by = { keyName: 'ak_1', requestId: 'req_1', idempotencyKey: null };
  await payInvoiceElsewhere(test.runtime, buyer.viewer, by, buyer.invoiceId, null);
  const { id } = await test.runtime.read.selectFrom('receipts').select('id').executeTakeFirstOrThrow();
  receiptId = id as ReceiptId;
});
afterEach(() => test.close());

function ask(to: string | null = null, formId?: string, viewer = buyer.viewer) {
  forms += 1;
  return emailReceipt(test.runtime, viewer, { formId: formId ?? `form-${forms}`, receiptId, to, locale: 'en' });
}

async function recipients(): Promise<string[]> {
  const rows = await test.runtime.read.selectFrom('mails').select('recipient').orderBy('id').execute();
  return rows.map(({ recipient }) => recipient);
}

it('a receipt goes to the address of its customer, whatever the form says', async () => {
  expect((await ask('thief@example.net')).ok).toBe(true);
  await sendMails.run(test.runtime);
  const mails = await listMailboxMails(test.runtime.read, buyer.viewer, 10);
  expect(mails.map(({ recipient }) => recipient)).toEqual(['dewi@example.com']);
});

it('its event names the buyer, and to whom it went', async () => {
  await ask();
  expect(await buyer.eventTypes()).not.toContain('plugipay.receipt.emailed.v1');
  await sendMails.run(test.runtime);
  const { data } = await test.runtime.read
    .selectFrom('outbox')
    .select('data')
    .where('type', '=', 'plugipay.receipt.emailed.v1')
    .executeTakeFirstOrThrow();
  const { browserSessionId, portalSessionId, customerId } = buyer.viewer;
  expect(JSON.parse(data)).toMatchObject({
    object: { id: receiptId, emailedTo: 'dewi@example.com' },
    to: 'dewi@example.com',
    origin: 'portal',
    browserSessionId,
    portalSessionId,
    customerId,
  });
});

it('where the workspace allows any address, the form names one, and only one', async () => {
  await buyer.configure({ receipts: { emailTo: 'any' } });
  expect((await ask('books@example.com')).ok).toBe(true);
  for (const to of ['', null, 'dewi', 'a@example.com,b@example.com', 'a@example.com\r\nBcc: b@example.com']) {
    expect(await ask(to)).toMatchObject({ ok: false, failure: { code: 'validation_error', field: 'to' } });
  }
  expect(await recipients()).toEqual(['books@example.com']);
});

it.each([{ emailTo: 'off' }, { pdf: false }, { view: false }] as const)(
  'with %j nothing is mailed',
  async (receipts) => {
    await buyer.configure({ receipts });
    expect(await ask()).toMatchObject({ ok: false, failure: { code: 'not_offered' } });
    expect(await recipients()).toEqual([]);
  },
);

it('a form sent twice asks for one mail', async () => {
  await Promise.all([ask(null, 'one-form'), ask(null, 'one-form')]);
  expect((await ask(null, 'one-form')).ok).toBe(true);
  expect(await recipients()).toHaveLength(1);
});

it('five an hour are enough, also when they come at once; the sixth waits for the oldest', async () => {
  await ask();
  test.setTime(testNow + 10 * minuteMs);
  const rest = await Promise.all([1, 2, 3, 4, 5].map(() => ask()));
  expect(rest.filter(({ ok }) => ok)).toHaveLength(4);
  const refused = rest.find((one) => !one.ok);
  expect(refused).toMatchObject({ failure: { code: 'rate_limited', facts: { at: testNow + hourMs } } });
  test.setTime(testNow + hourMs);
  expect((await ask()).ok).toBe(true);
});

it('a receipt of somebody else is not there', async () => {
  const other = await aBuyer(test, testNow);
  expect(await ask(null, 'theirs', other.viewer)).toMatchObject({ ok: false, failure: { code: 'not_found' } });
  expect(await recipients()).toEqual([]);
});
