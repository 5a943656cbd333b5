import type { CustomerId, WorkspaceId } from '@/lib/domain/ids.ts';
import type { Mode } from '@/lib/domain/viewer.ts';
import type { MerchantSide } from './merchant-side.ts';
import { returnUrl } from './merchant-side.ts';

/** A good request of one route in one workspace and mode: the parts of its path, and its body or query. */
export type RouteSample = {
  readonly params?: Readonly<Record<string, string>>;
  readonly body?: Readonly<Record<string, unknown>>;
  readonly query?: string;
};

/** Where a sample's rows are made. */
export type SamplePlace = {
  readonly side: MerchantSide;
  readonly workspaceId: WorkspaceId;
  readonly mode: Mode;
  readonly customerId: CustomerId;
};

const aCustomer = ({ customerId }: SamplePlace): RouteSample => ({ params: { id: customerId } });

/** A good request for every route, by `METHOD /path`. A route without one fails the walk over the table of routes. */
export const routeSamples: Readonly<Record<string, (place: SamplePlace) => RouteSample | Promise<RouteSample>>> = {
  'POST /customers': () => ({ body: { name: 'Dewi Lestari' } }),
  'GET /customers': () => ({ query: 'limit=2&order=asc' }),
  'GET /customers/{id}': aCustomer,
  'PATCH /customers/{id}': (place) => ({ ...aCustomer(place), body: { name: 'Dewi' } }),
  'DELETE /customers/{id}': aCustomer,
  'GET /portal/configuration': () => ({}),
  'PATCH /portal/configuration': () => ({ body: { preset: 'complete' } }),
  'POST /portal-sessions/revoke': ({ customerId }) => ({ body: { customerId } }),
  'POST /portal-sessions': ({ customerId }) => ({ body: { customerId, returnUrl } }),
};
