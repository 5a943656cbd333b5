import type { CustomerId, WorkspaceId } from '@/lib/domain/ids.ts';
import type { PricedPlan } from '@/lib/domain/plan.ts';
import { defaultPortalFeatures } from '@/lib/domain/plan.ts';
import type { Mode } from '@/lib/domain/viewer.ts';
import { createPlan } from '@/lib/operations/create-plan.ts';
import { aChargedInvoice, anInvoice, anInvoiceBody, aPaidInvoice, aReceipt, aRefund } from './invoice-samples.ts';
import type { MerchantSide } from './merchant-side.ts';
import { returnUrl } from './merchant-side.ts';
import { aDelivery, anEndpoint, anEndpointBody, anEvent } from './webhook-samples.ts';

/** A good request of one route in one workspace and mode: the parts of its path, and its body or query. */
export type RouteSample = {
  readonly params?: Readonly<Record<string, string>>;
  readonly body?: Readonly<Record<string, unknown>>;
  readonly query?: string;
  /** Of a route that takes a file in place of a body. */
  readonly file?: Uint8Array;
};

/** Where a sample's rows are made. */
export type SamplePlace = {
  readonly side: MerchantSide;
  readonly workspaceId: WorkspaceId;
  readonly mode: Mode;
  readonly customerId: CustomerId;
};

let attached = 0;

function attachBody(customerId: string) {
  attached += 1;
  const providerToken = `simtok_succeeds_${attached}`;
  return { customerId, adapter: 'simulated', providerToken, type: 'card', last4: '4242' };
}

/** A method of the place's customer, attached over the API where its mode has a provider. */
async function aMethod({ side, workspaceId, mode, customerId }: SamplePlace): Promise<RouteSample> {
  const key = await side.makeBearerKey(workspaceId, mode, ['*']);
  const made = await side.send(key, { target: '/v1/payment-methods', body: attachBody(customerId) });
  return { params: { id: made.data?.id ?? 'pt_of_live_mode' } };
}

const aCustomer = ({ customerId }: SamplePlace): RouteSample => ({ params: { id: customerId } });

async function aPlan({ side, workspaceId, mode }: SamplePlace): Promise<PricedPlan> {
  const plan = {
    name: 'Roaster Club',
    description: null,
    interval: 'month',
    intervalCount: 1,
    trialDays: 0,
    portalFeatures: defaultPortalFeatures,
    usageAggregate: null,
    meteredUnit: null,
    dunningPolicyId: null,
    active: true,
    metadata: null,
  } as const;
  const price = {
    currency: 'IDR',
    model: 'flat',
    unitAmount: 149_000,
    tiers: null,
    taxMode: 'exclusive',
    active: true,
  } as const;
  const by = { keyName: 'ak_sample', requestId: 'req_sample', idempotencyKey: null };
  const made = await createPlan(side.test.runtime, { workspaceId, mode }, by, { plan, prices: [price] });
  if (!made.ok) throw new Error(made.failure.message);
  return made.value;
}

const ofPlan = async (place: SamplePlace): Promise<RouteSample> => ({ params: { id: (await aPlan(place)).plan.id } });
const ofPrice = async (place: SamplePlace): Promise<RouteSample> => ({
  params: { id: (await aPlan(place)).prices[0]?.id ?? '' },
});

const ofWebhooks = (
  path: string,
): Readonly<Record<string, (place: SamplePlace) => RouteSample | Promise<RouteSample>>> => ({
  [`POST ${path}`]: () => ({ body: anEndpointBody }),
  [`GET ${path}`]: () => ({}),
  [`PATCH ${path}/{id}`]: async (place) => ({ ...(await anEndpoint(place)), body: { active: false } }),
  [`DELETE ${path}/{id}`]: anEndpoint,
  [`GET ${path}/deliveries`]: () => ({ query: 'status=failed&limit=2' }),
  [`GET ${path}/deliveries/{id}`]: aDelivery,
  [`POST ${path}/deliveries/{id}/retry`]: aDelivery,
});

/** What stands for a picture: its first bytes say PNG. */
const smallPng = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 1, 2, 3]);

async function subscriptionBody(place: SamplePlace) {
  const { plan, prices } = await aPlan(place);
  return { customerId: place.customerId, planId: plan.id, priceId: prices[0]?.id ?? '' };
}

/** A subscription of the place's customer whose buyer pays its invoices, so that it runs at once. */
async function aSubscription(place: SamplePlace): Promise<RouteSample> {
  const key = await place.side.makeBearerKey(place.workspaceId, place.mode, ['*']);
  const body = { ...(await subscriptionBody(place)), collectionMethod: 'send_invoice' };
  const made = await place.side.send(key, { target: '/v1/subscriptions', body });
  return { params: { id: made.data?.id ?? '' } };
}

/** A good request for every route, by `METHOD /path`. A route without one fails the walk over the table of routes. */
export const routeSamples: Readonly<Record<string, (place: SamplePlace) => RouteSample | Promise<RouteSample>>> = {
  'POST /customers': () => ({ body: { name: 'Dewi Lestari' } }),
  'GET /customers': () => ({ query: 'limit=2&order=asc' }),
  'GET /customers/{id}': aCustomer,
  'PATCH /customers/{id}': (place) => ({ ...aCustomer(place), body: { name: 'Dewi' } }),
  'DELETE /customers/{id}': aCustomer,
  'GET /payment-methods': ({ customerId }) => ({ query: `customerId=${customerId}` }),
  'GET /payment-methods/{id}': aMethod,
  'POST /payment-methods': ({ customerId }) => ({ body: attachBody(customerId) }),
  'DELETE /payment-methods/{id}': aMethod,
  'POST /invoices': ({ customerId }) => ({ body: anInvoiceBody(customerId) }),
  'GET /invoices': () => ({ query: 'limit=2&status=past_due' }),
  'GET /invoices/{id}': (place) => anInvoice(place, 'open'),
  'POST /invoices/{id}/finalize': (place) => anInvoice(place, 'draft'),
  'POST /invoices/{id}/pay': (place) => anInvoice(place, 'open'),
  'POST /invoices/{id}/send': async (place) => ({
    ...(await anInvoice(place, 'open')),
    body: { to: 'dewi@example.com' },
  }),
  'POST /invoices/{id}/send-email': async (place) => ({
    ...(await anInvoice(place, 'open')),
    body: { to: 'dewi@example.com' },
  }),
  'GET /invoices/{id}/pdf': (place) => anInvoice(place, 'draft'),
  'GET /invoices/{id}/invoice.pdf': (place) => anInvoice(place, 'open'),
  'GET /invoices/{id}/invoice.html': (place) => anInvoice(place, 'open'),
  'GET /invoices/{id}/invoice.escpos': (place) => anInvoice(place, 'open', 'width=58'),
  'GET /invoices/{id}/receipt': aPaidInvoice,
  'GET /receipts': () => ({ query: 'sourceType=invoice' }),
  'GET /receipts/{id}': (place) => aReceipt(place),
  'GET /receipts/{id}/receipt.pdf': (place) => aReceipt(place),
  'GET /receipts/{id}/receipt.html': (place) => aReceipt(place),
  'GET /receipts/{id}/receipt.escpos': (place) => aReceipt(place, 'width=80&locale=id'),
  'POST /receipts/{id}/email': async (place) => ({ ...(await aReceipt(place)), body: { to: 'dewi@example.com' } }),
  'POST /refunds': async (place) => ({
    body: { sourceType: 'invoice', sourceId: (await aChargedInvoice(place)).invoiceId, amount: 50_000 },
  }),
  'GET /refunds': () => ({ query: 'status=pending' }),
  'GET /refunds/{id}': aRefund,
  'POST /invoices/{id}/void': (place) => anInvoice(place, 'open'),
  'GET /portal/configuration': () => ({}),
  'PATCH /portal/configuration': () => ({ body: { preset: 'complete' } }),
  'POST /portal-sessions/revoke': ({ customerId }) => ({ body: { customerId } }),
  'POST /plans': () => ({ body: { name: 'Roaster Club', interval: 'month', currency: 'IDR', amount: 149_000 } }),
  'GET /plans': () => ({ query: 'active=true' }),
  'GET /plans/{id}': ofPlan,
  'PATCH /plans/{id}': async (place) => ({ ...(await ofPlan(place)), body: { name: 'Roaster Club Plus' } }),
  'POST /plans/{id}/archive': ofPlan,
  'POST /plans/{id}/prices': async (place) => ({
    ...(await ofPlan(place)),
    body: { currency: 'USD', model: 'flat', unitAmount: 990 },
  }),
  'GET /plans/{id}/prices': ofPlan,
  'PATCH /prices/{id}': async (place) => ({ ...(await ofPrice(place)), body: { active: false } }),
  'DELETE /prices/{id}': ofPrice,
  ...ofWebhooks('/webhooks'),
  ...ofWebhooks('/webhook-endpoints'),
  'GET /events': () => ({ query: 'limit=2&type=invoice.paid' }),
  'GET /events/types': () => ({}),
  'GET /events/{id}': async (place) => ({ params: { id: (await anEvent(place)).id } }),
  'POST /events/replay': async (place) => ({ body: { eventIds: [(await anEvent(place)).id] } }),
  'POST /events/trigger': ({ customerId }) => ({ body: { type: 'customer.updated', aggregateId: customerId } }),
  'POST /subscriptions': async (place) => ({ body: await subscriptionBody(place) }),
  'GET /subscriptions': ({ customerId }) => ({ query: `status=active&customerId=${customerId}` }),
  'GET /subscriptions/{id}': aSubscription,
  'PATCH /subscriptions/{id}': async (place) => ({
    ...(await aSubscription(place)),
    body: { metadata: { seat: 'A' } },
  }),
  'POST /subscriptions/{id}/cancel': async (place) => ({ ...(await aSubscription(place)), body: { at: 'period_end' } }),
  'POST /subscriptions/{id}/pause': aSubscription,
  'POST /subscriptions/{id}/resume': async (place) => {
    const sample = await aSubscription(place);
    const key = await place.side.makeBearerKey(place.workspaceId, place.mode, ['*']);
    await place.side.send(key, { target: `/v1/subscriptions/${sample.params?.id}/pause`, body: {} });
    return sample;
  },
  'POST /test/clocks/advance': async (place) => {
    const { params } = await aSubscription(place);
    return { body: { subscriptionId: params?.id, days: 31 } };
  },
  'POST /portal-sessions': ({ customerId }) => ({ body: { customerId, returnUrl } }),
  'GET /checkout/settings': () => ({}),
  'PATCH /checkout/settings': () => ({ body: { brandName: 'Kopi Senja – Bandung' } }),
  'POST /uploads/image': () => ({ file: smallPng }),
};
