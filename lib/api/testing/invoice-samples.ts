import { insertAttempt } from '@/lib/data/payment-attempts.ts';
import type { CustomerId, InvoiceId } from '@/lib/domain/ids.ts';
import { newId } from '@/lib/domain/ids.ts';
import { beginRefund } from '@/lib/operations/begin-refund.ts';
import type { RouteSample, SamplePlace } from './route-samples.ts';

/** The body of a good invoice of one line. */
export const anInvoiceBody = (customerId: CustomerId) => ({
  customerId,
  currency: 'IDR',
  lines: [{ description: 'Roaster Club, March 2026', quantity: 1, unitAmount: 149_000 }],
  tax: 16_390,
});

/** An invoice of a customer, as the parts of a path. */
export async function anInvoice(
  { side, workspaceId, mode, customerId }: SamplePlace,
  status: 'draft' | 'open',
  query?: string,
): Promise<RouteSample> {
  const key = await side.makeKey(workspaceId, mode, ['*']);
  const body = { ...anInvoiceBody(customerId), status };
  const made = await side.send(key, { target: '/api/v1/invoices', body });
  return { params: { id: made.data?.id ?? '' }, ...(query === undefined ? {} : { query }) };
}

/** An invoice whose money was taken elsewhere. */
export async function aPaidInvoice(place: SamplePlace): Promise<RouteSample> {
  const sample = await anInvoice(place, 'open');
  const key = await place.side.makeKey(place.workspaceId, place.mode, ['*']);
  await place.side.send(key, { target: `/api/v1/invoices/${sample.params?.id}/pay`, body: {} });
  return sample;
}

/** The receipt of a paid invoice. */
export async function aReceipt(place: SamplePlace, query?: string): Promise<RouteSample> {
  const { params } = await aPaidInvoice(place);
  const key = await place.side.makeKey(place.workspaceId, place.mode, ['*']);
  const found = await place.side.send(key, { method: 'GET', target: `/api/v1/invoices/${params?.id}/receipt` });
  return { params: { id: found.data?.id ?? '' }, ...(query === undefined ? {} : { query }) };
}

/** An invoice whose money a provider took, and the provider's name of the charge. */
export async function aChargedInvoice(
  place: SamplePlace,
  play = 'succeeds',
): Promise<{ invoiceId: InvoiceId; chargeId: string; amount: number }> {
  const { runtime } = place.side.test;
  const { params } = await anInvoice(place, 'open');
  const invoiceId = params?.id as InvoiceId;
  const now = runtime.now();
  const id = newId('paymentAttempt', now, runtime.random);
  const chargeId = `simch_${play}_${id.slice(-9)}`;
  const amount = 165_390;
  await runtime.write(async (tx) => {
    await insertAttempt(tx, place, {
      id,
      invoiceId,
      paymentMethodId: null,
      methodName: { type: 'card', brand: 'visa', last4: '4242', label: null },
      amount,
      status: 'succeeded',
      reason: null,
      providerReference: chargeId,
      payBefore: null,
      createdAt: now,
      finishedAt: now,
      adapter: 'simulated',
      idempotencyKey: id,
    });
    await tx
      .updateTable('invoices')
      .set({ status: 'paid', amountPaid: amount, paidAt: now, chargeId })
      .where('id', '=', invoiceId)
      .execute();
  });
  return { invoiceId, chargeId, amount };
}

/** A refund that was begun. */
export async function aRefund(place: SamplePlace): Promise<RouteSample> {
  const { chargeId } = await aChargedInvoice(place);
  const by = { keyName: 'ak_sample', requestId: 'req_sample', idempotencyKey: null };
  const order = { of: { chargeId }, amount: 50_000, reason: 'other', metadata: null } as const;
  const begun = await beginRefund(place.side.test.runtime, place, by, order);
  if (!begun.ok) throw new Error(begun.failure.message);
  return { params: { id: begun.value.id } };
}
