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
): Promise<RouteSample> {
  const key = await side.makeKey(workspaceId, mode, ['*']);
  const body = { ...anInvoiceBody(customerId), status };
  const made = await side.send(key, { target: '/api/v1/invoices', body });
  return { params: { id: made.data?.id ?? '' } };
}
