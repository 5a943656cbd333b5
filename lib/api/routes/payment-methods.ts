import { z } from '@hono/zod-openapi';
import { flag, idText, metadata, nothing, oneOf, shown, text, whole } from '@/lib/api/fields.ts';
import type { ListPage } from '@/lib/api/list.ts';
import { pageMeta, pageQuery, readPageWish, toListPage } from '@/lib/api/list.ts';
import type { AnyRoute } from '@/lib/api/route.ts';
import { makeRoute } from '@/lib/api/route.ts';
import { findCustomer } from '@/lib/data/customers.ts';
import { findMethodOfWorkspace, listMethodPage } from '@/lib/data/payment-methods.ts';
import type { Customer } from '@/lib/domain/customer.ts';
import { billingNow } from '@/lib/domain/customer.ts';
import { readId } from '@/lib/domain/ids.ts';
import type { PaymentMethod } from '@/lib/domain/payment-method.ts';
import { fail, succeed } from '@/lib/domain/result.ts';
import type { Instant } from '@/lib/domain/time.ts';
import { wirePaymentMethod } from '@/lib/domain/wire-payment-method.ts';
import type { HeldMethod } from '@/lib/operations/attach-payment-method.ts';
import { attachPaymentMethod } from '@/lib/operations/attach-payment-method.ts';
import { detachPaymentMethod } from '@/lib/operations/detach-payment-method.ts';

const types = oneOf('card', 'ewallet', 'paypal');

const newMethod = z
  .strictObject({
    customerId: idText,
    adapter: text(40).regex(/^[a-z][a-z0-9_]*$/, 'must be the name of an adapter, such as xendit'),
    providerToken: text(512).openapi({ description: 'The provider’s own reference; never returned' }),
    type: types,
    brand: text(40).nullable().default(null),
    last4: z
      .string({ error: 'must be 4 digits' })
      .regex(/^\d{4}$/, 'must be 4 digits')
      .nullable()
      .default(null),
    expMonth: whole.min(1, 'must lie between 1 and 12').max(12, 'must lie between 1 and 12').nullable().default(null),
    expYear: whole
      .min(2000, 'must lie between 2000 and 2100')
      .max(2100, 'must lie between 2000 and 2100')
      .nullable()
      .default(null),
    label: text(64).nullable().default(null),
    makeDefault: flag.default(false),
    metadata: metadata.nullable().default(null),
  })
  .refine((given) => (given.expMonth === null) === (given.expYear === null), {
    message: 'expMonth and expYear come together',
    path: ['expYear'],
  })
  .openapi('NewPaymentMethod');

const paymentMethod = z
  .object({
    id: z.string(),
    arn: z.string(),
    accountId: z.string(),
    customerId: z.string(),
    type: types,
    adapter: z.string(),
    brand: shown.textOrNull,
    last4: shown.textOrNull,
    expMonth: shown.amountOrNull,
    expYear: shown.amountOrNull,
    label: shown.textOrNull,
    status: z.enum(['active', 'expired', 'detached']),
    isDefault: z.boolean(),
    metadata: shown.metadata,
    createdAt: shown.time,
    updatedAt: shown.time,
    detachedAt: shown.timeOrNull,
  })
  .openapi('PaymentMethod');

const methodQuery = pageQuery.extend({
  customerId: idText,
  type: types.optional(),
  status: oneOf('active', 'expired', 'detached').optional(),
});

const wire = ({ method, customer }: HeldMethod, now: Instant) =>
  wirePaymentMethod(method, customer, billingNow(customer, now));

const base = {
  strictIdempotency: false,
  tag: 'Payment methods',
  answer: paymentMethod,
  toWire: (held: HeldMethod, { now }: { now: Instant }) => wire(held, now),
} as const;

/** The routes of `/payment-methods`. Buyers add methods at the provider; here saved ones are read and moved in. */
export const paymentMethodRoutes: readonly AnyRoute[] = [
  makeRoute<z.infer<typeof methodQuery>, ListPage<PaymentMethod> & { customer: Customer }>({
    ...base,
    method: 'GET',
    path: '/payment-methods',
    scope: 'plugipay:paymentmethod:read',
    successStatus: 200,
    summary: 'List the payment methods of a customer',
    input: methodQuery,
    async run({ call, scope, input }) {
      const wish = readPageWish(input);
      if (!wish.ok) return wish;
      const { read } = call.runtime;
      const customerId = readId<'customer'>(input.customerId);
      const customer = customerId === null ? null : await findCustomer(read, { ...scope, customerId });
      if (customer === null) return fail('not_found', 'There is no such customer.', { field: 'customerId' });
      const now = billingNow(customer, call.now);
      const page = await listMethodPage(read, customer, input, wish.value, now);
      const rows = toListPage(input, wish.value, page, ({ createdAt, id }) => ({ at: createdAt, id }));
      return succeed({ ...rows, customer });
    },
    toWire: ({ rows, customer }, { now }) => rows.map((method) => wire({ method, customer }, now)),
    toMeta: pageMeta,
  }),
  makeRoute<unknown, HeldMethod>({
    ...base,
    method: 'GET',
    path: '/payment-methods/{id}',
    scope: 'plugipay:paymentmethod:read',
    successStatus: 200,
    summary: 'Read a payment method',
    input: nothing,
    async run({ call, scope, params }) {
      const { read } = call.runtime;
      const id = readId<'paymentMethod'>(params.id);
      const method = id === null ? null : await findMethodOfWorkspace(read, scope, id);
      const customer = method === null ? null : await findCustomer(read, method);
      // One that is being set up at the provider, or could not be, is no method yet.
      const isThere = method !== null && (method.status === 'active' || method.status === 'detached');
      return isThere && customer !== null ? succeed({ method, customer }) : unknownMethod;
    },
  }),
  makeRoute<z.infer<typeof newMethod>, HeldMethod>({
    ...base,
    method: 'POST',
    path: '/payment-methods',
    scope: 'plugipay:paymentmethod:create',
    successStatus: 201,
    strictIdempotency: true,
    summary: 'Attach a method that a provider keeps',
    input: newMethod,
    async write({ on, scope, by, input }) {
      const { customerId: given, ...order } = input;
      const customerId = readId<'customer'>(given);
      if (customerId === null) return fail('not_found', 'There is no such customer.', { field: 'customerId' });
      return attachPaymentMethod(on, { ...scope, customerId }, by, order);
    },
  }),
  makeRoute<unknown, null>({
    ...base,
    method: 'DELETE',
    path: '/payment-methods/{id}',
    scope: 'plugipay:paymentmethod:write',
    successStatus: 204,
    summary: 'Detach a payment method',
    input: nothing,
    answer: null,
    toWire: () => null,
    async write({ on, scope, by, params }) {
      const id = readId<'paymentMethod'>(params.id);
      return id === null ? unknownMethod : detachPaymentMethod(on, scope, by, id);
    },
  }),
];

const unknownMethod = fail('not_found', 'There is no such payment method.');
