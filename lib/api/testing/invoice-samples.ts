import type { CustomerId } from '@/lib/domain/ids.ts';
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
