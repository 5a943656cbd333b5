import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { MerchantSide } from '@/lib/api/testing/merchant-side.ts';
import { openMerchantSide, returnUrl } from '@/lib/api/testing/merchant-side.ts';
import type { SeededBuyer } from '@/lib/operations/testing/a-buyer.ts';
import { aBuyer } from '@/lib/operations/testing/a-buyer.ts';

let side: MerchantSide;
let buyer: SeededBuyer;
let other: SeededBuyer;
let key: { bearer: string };
beforeAll(async () => {
  side = await openMerchantSide();
  buyer = await aBuyer(side.test, side.test.runtime.now());
  other = await aBuyer(side.test, side.test.runtime.now());
  key = await side.makeBearerKey(buyer.viewer.workspaceId, 'test', ['plugipay:portal:write']);
});
beforeEach(() => side.test.setTime(side.test.runtime.now() + 10_000));

const mint = (flow: unknown) =>
  side.send(key, { body: { customerId: buyer.viewer.customerId, returnUrl, ...(flow === undefined ? {} : { flow }) } });

it('a flow is echoed as it was given, and only when it was', async () => {
  const flow = { type: 'subscription', subscriptionId: buyer.subscriptionId, message: 'Thank you!' };
  const minted = await mint(flow);
  expect([minted.status, minted.data?.flow]).toEqual([201, flow]);
  expect(Object.keys((await mint(undefined)).data ?? {})).not.toContain('flow');
});

describe('a flow of what is not this customer’s', () => {
  it.each([
    ['invoice', 'invoiceId'],
    ['invoice_pay', 'invoiceId'],
    ['receipt', 'receiptId'],
    ['subscription', 'subscriptionId'],
    ['subscription_cancel', 'subscriptionId'],
    ['payment_method_update', 'subscriptionId'],
    ['payment_method_update', 'invoiceId'],
  ])('%s: 404 with the field', async (type, field) => {
    const ids = [field === 'invoiceId' ? other.invoiceId : other.subscriptionId, 'unknown'];
    for (const id of ids) {
      const answer = await mint({ type, [field]: id });
      expect([answer.status, answer.error?.code, answer.error?.field]).toEqual([404, 'not_found', `flow.${field}`]);
    }
  });
});

it.each([
  [{}, 'flow.type'],
  [{ type: 'everything' }, 'flow.type'],
  [{ type: 'invoice' }, 'flow.invoiceId'],
  [{ type: 'invoice', invoiceId: 'inv_1', receiptId: 'rcpt_1' }, 'flow.receiptId'],
  [{ type: 'payment_method_update', message: 'x'.repeat(201) }, 'flow.message'],
  [{ type: 'payment_method_update', after: 'elsewhere' }, 'flow.after'],
  ['invoice', 'flow'],
])('%j is refused by its field', async (flow, field) => {
  const answer = await mint(flow);
  expect([answer.status, answer.error?.code, answer.error?.field]).toEqual([400, 'validation_error', field]);
});

it('what the portal does not offer is no flow', async () => {
  const cancel = { type: 'subscription_cancel', subscriptionId: buyer.subscriptionId };
  expect((await mint(cancel)).status).toBe(201);
  await buyer.configure({
    features: { selfServeCancel: false },
    paymentMethods: { add: false },
    invoices: { pay: false },
    cancel: { disabledMessage: 'Write to us.' },
  });
  for (const flow of [cancel, { type: 'payment_method_update' }, { type: 'invoice_pay', invoiceId: buyer.invoiceId }]) {
    const answer = await mint(flow);
    expect([answer.status, answer.error?.code, answer.error?.field]).toEqual([400, 'validation_error', 'flow']);
  }
  expect((await mint({ type: 'invoice', invoiceId: buyer.invoiceId })).status).toBe(201);
});
