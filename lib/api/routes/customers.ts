import { z } from '@hono/zod-openapi';
import { emailText, idText, metadata, nothing, shown, text } from '@/lib/api/fields.ts';
import type { ListPage } from '@/lib/api/list.ts';
import { filterText, pageMeta, pageQuery, readPageWish, timeText, toListPage } from '@/lib/api/list.ts';
import type { AnyRoute } from '@/lib/api/route.ts';
import { makeRoute } from '@/lib/api/route.ts';
import { findCustomer, listCustomerPage } from '@/lib/data/customers.ts';
import type { Customer } from '@/lib/domain/customer.ts';
import type { PaymentMethodId } from '@/lib/domain/ids.ts';
import { readId } from '@/lib/domain/ids.ts';
import type { Result } from '@/lib/domain/result.ts';
import { fail, succeed } from '@/lib/domain/result.ts';
import type { CustomerScope, WorkspaceScope } from '@/lib/domain/viewer.ts';
import { wireCustomer } from '@/lib/domain/wire-customer.ts';
import { createCustomer } from '@/lib/operations/create-customer.ts';
import { deleteCustomer } from '@/lib/operations/delete-customer.ts';
import { updateCustomer } from '@/lib/operations/update-customer.ts';

const fields = {
  externalId: text(255).nullable().openapi({ description: 'Your own id, unique per workspace and mode' }),
  email: emailText.nullable(),
  name: text(255).nullable(),
  phone: text(64).nullable(),
  taxId: text(64).nullable(),
  metadata: metadata.nullable(),
};

const newCustomer = z.strictObject(fields).partial().openapi('NewCustomer');

const customerChanges = z
  .strictObject({ ...fields, defaultPaymentTokenId: idText.nullable() })
  .partial()
  .openapi('CustomerChanges');

const customer = z
  .object({
    id: z.string(),
    arn: z.string(),
    accountId: z.string(),
    externalId: shown.textOrNull,
    email: shown.textOrNull,
    name: shown.textOrNull,
    phone: shown.textOrNull,
    taxId: shown.textOrNull,
    defaultPaymentTokenId: shown.textOrNull,
    metadata: shown.metadata,
    createdAt: shown.time,
    updatedAt: shown.time,
  })
  .openapi('Customer');

const customerQuery = pageQuery.extend({
  email: filterText.optional(),
  externalId: filterText.optional(),
  createdAfter: timeText.optional(),
  createdBefore: timeText.optional(),
  since: timeText.optional(),
  until: timeText.optional(),
});

const base = { strictIdempotency: false, tag: 'Customers', answer: customer, toWire: wireCustomer } as const;

/** The routes of `/customers`. */
export const customerRoutes: readonly AnyRoute[] = [
  makeRoute<z.infer<typeof newCustomer>, Customer>({
    ...base,
    method: 'POST',
    path: '/customers',
    scope: 'plugipay:customer:create',
    successStatus: 201,
    strictIdempotency: true,
    summary: 'Create a customer',
    input: newCustomer,
    write: ({ on, scope, by, input }) => {
      const { externalId = null, email = null, name = null, phone = null, taxId = null, metadata: more = null } = input;
      const given = { externalId, email, name, phone, taxId, metadata: more };
      return createCustomer(on, scope, by, given);
    },
  }),
  makeRoute<z.infer<typeof customerQuery>, ListPage<Customer>>({
    ...base,
    method: 'GET',
    path: '/customers',
    scope: 'plugipay:customer:read',
    successStatus: 200,
    summary: 'List customers, newest first',
    input: customerQuery,
    async run({ call, scope, input }) {
      const wish = readPageWish(input);
      if (!wish.ok) return wish;
      const { createdAfter = input.since, createdBefore = input.until, email, externalId } = input;
      const filter = { email, externalId, createdAfter, createdBefore };
      const page = await listCustomerPage(call.runtime.read, scope, filter, wish.value);
      return succeed(toListPage(input, wish.value, page, ({ createdAt, id }) => ({ at: createdAt, id })));
    },
    toWire: ({ rows }) => rows.map(wireCustomer),
    toMeta: pageMeta,
  }),
  makeRoute<unknown, Customer>({
    ...base,
    method: 'GET',
    path: '/customers/{id}',
    scope: 'plugipay:customer:read',
    successStatus: 200,
    summary: 'Read a customer',
    input: nothing,
    async run({ call, scope, params }) {
      const own = readScope(scope, params);
      const found = own.ok ? await findCustomer(call.runtime.read, own.value) : null;
      return found === null ? unknown : succeed(found);
    },
  }),
  makeRoute<z.infer<typeof customerChanges>, Customer>({
    ...base,
    method: 'PATCH',
    path: '/customers/{id}',
    scope: 'plugipay:customer:write',
    successStatus: 200,
    summary: 'Change a customer; null clears a field',
    input: customerChanges,
    async write({ on, scope, by, params, input }) {
      const own = readScope(scope, params);
      if (!own.ok) return own;
      const { defaultPaymentTokenId: methodId, ...rest } = input;
      const changes = {
        ...rest,
        ...(methodId === undefined ? {} : { defaultPaymentMethodId: methodId as PaymentMethodId | null }),
      };
      return updateCustomer(on, own.value, by, changes);
    },
  }),
  makeRoute<unknown, null>({
    ...base,
    method: 'DELETE',
    path: '/customers/{id}',
    scope: 'plugipay:customer:write',
    successStatus: 204,
    summary: 'Delete a customer that nothing holds',
    input: nothing,
    answer: null,
    toWire: () => null,
    async write({ on, scope, by, params }) {
      const own = readScope(scope, params);
      return own.ok ? deleteCustomer(on, own.value, by) : own;
    },
  }),
];

const unknown = fail('not_found', 'There is no such customer.');

function readScope(scope: WorkspaceScope, { id }: Readonly<Record<string, string>>): Result<CustomerScope> {
  const customerId = readId<'customer'>(id);
  return customerId === null ? unknown : succeed({ ...scope, customerId });
}
