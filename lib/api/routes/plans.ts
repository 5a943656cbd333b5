import { z } from '@hono/zod-openapi';
import {
  amount,
  currency,
  flag,
  idText,
  longText,
  metadata,
  nothing,
  oneOf,
  shown,
  text,
  whole,
} from '@/lib/api/fields.ts';
import type { ListPage } from '@/lib/api/list.ts';
import { pageMeta, pageQuery, readPageWish, toListPage } from '@/lib/api/list.ts';
import type { AnyRoute } from '@/lib/api/route.ts';
import { makeRoute } from '@/lib/api/route.ts';
import { findPlan, listPlanPage } from '@/lib/data/plans.ts';
import { type PlanId, type PriceId, readId } from '@/lib/domain/ids.ts';
import type { PriceFields } from '@/lib/domain/new-price.ts';
import type { Price, PricedPlan } from '@/lib/domain/plan.ts';
import { defaultPortalFeatures } from '@/lib/domain/plan.ts';
import { mostPrices } from '@/lib/domain/price-amounts.ts';
import type { Result } from '@/lib/domain/result.ts';
import { fail, succeed } from '@/lib/domain/result.ts';
import { wirePlan, wirePrice } from '@/lib/domain/wire-plan.ts';
import { archivePlan } from '@/lib/operations/archive-plan.ts';
import type { PlanFields } from '@/lib/operations/create-plan.ts';
import { createPlan } from '@/lib/operations/create-plan.ts';
import { createPrice } from '@/lib/operations/create-price.ts';
import { deletePrice } from '@/lib/operations/delete-price.ts';
import { updatePlan } from '@/lib/operations/update-plan.ts';
import { updatePrice } from '@/lib/operations/update-price.ts';

const switches = z.strictObject({
  selfServeCancel: flag,
  selfServePause: flag,
  selfServeUpgrade: flag,
  selfServeDowngrade: flag,
  updatePaymentMethod: flag,
});

const tier = z
  .strictObject({
    upTo: z.union([whole.min(1).max(1_000_000_000), z.literal('inf')], {
      error: 'must be a whole number from 1 to 1000000000, or "inf"',
    }),
    unitAmount: amount,
    flatAmount: amount.default(0),
  })
  .openapi('PriceTier');

const newPrice = z
  .strictObject({
    currency,
    model: oneOf('flat', 'tiered', 'volume', 'usage').default('flat'),
    unitAmount: amount.nullable().default(null).openapi({ description: 'Of a flat or usage price' }),
    tiers: z
      .array(tier, { error: 'must be a list of tiers' })
      .nullable()
      .default(null)
      .openapi({ description: 'Of a tiered or volume price, ascending; the last is up to "inf"' }),
    taxMode: oneOf('exclusive', 'inclusive').default('exclusive'),
    active: flag.default(true),
  })
  .openapi('NewPrice');

const priceChanges = z.strictObject({ active: flag }).partial().openapi('PriceChanges');

const changeable = {
  name: text(255),
  description: z.union([z.literal('').transform(() => null), longText(1024)]).nullable(),
  trialDays: whole.min(0, 'must not be negative').max(36_500, 'must not be more than 36500'),
  dunningPolicyId: idText.nullable(),
  active: flag,
  metadata: metadata.nullable(),
};

const newPlan = z
  .strictObject({
    ...z.strictObject(changeable).partial().shape,
    name: changeable.name,
    interval: oneOf('day', 'week', 'month', 'year'),
    intervalCount: whole.min(1, 'must be at least 1').max(1_000, 'must not be more than 1000').default(1),
    portalFeatures: switches.partial().optional(),
    prices: z
      .array(newPrice, { error: 'must be a list of prices' })
      .max(mostPrices, `must not hold more than ${mostPrices}`)
      .optional(),
    currency: currency.optional().openapi({ description: 'With amount, in place of prices: one flat price' }),
    amount: amount.optional(),
    usageAggregate: oneOf('sum', 'max', 'last').nullable().optional(),
    meteredUnit: text(64).nullable().optional(),
  })
  .openapi('NewPlan');

const planChanges = z
  .strictObject({ ...changeable, portalFeatures: switches.partial() })
  .partial()
  .openapi('PlanChanges');

const price = z
  .object({
    id: z.string(),
    planId: z.string(),
    currency: shown.currency,
    model: z.enum(['flat', 'tiered', 'volume', 'usage']),
    unitAmount: shown.amountOrNull,
    tiers: z.array(tier).nullable(),
    taxMode: z.enum(['exclusive', 'inclusive']),
    active: z.boolean(),
    createdAt: shown.time,
  })
  .openapi('Price');

const plan = z
  .object({
    id: z.string(),
    arn: z.string(),
    accountId: z.string(),
    name: z.string(),
    description: shown.textOrNull,
    interval: z.enum(['day', 'week', 'month', 'year']),
    intervalCount: z.int(),
    trialDays: z.int(),
    prices: z.array(price),
    usageAggregate: z.enum(['sum', 'max', 'last']).nullable(),
    meteredUnit: shown.textOrNull,
    portalFeatures: switches,
    dunningPolicyId: shown.textOrNull,
    active: z.boolean(),
    archivedAt: shown.timeOrNull,
    metadata: shown.metadata,
    createdAt: shown.time,
    updatedAt: shown.time,
  })
  .openapi('Plan');

const planQuery = pageQuery.extend({
  active: z
    .enum(['true', 'false'], { error: 'must be true or false' })
    .transform((word) => word === 'true')
    .optional()
    .openapi({ type: 'boolean' }),
});

const ofPlan = { strictIdempotency: false, tag: 'Plans', answer: plan, toWire: wirePlan } as const;
const ofPrice = { strictIdempotency: false, tag: 'Prices', answer: price, toWire: wirePrice } as const;

/** The routes of `/plans` and `/prices`. */
export const planRoutes: readonly AnyRoute[] = [
  makeRoute<z.infer<typeof newPlan>, PricedPlan>({
    ...ofPlan,
    method: 'POST',
    path: '/plans',
    scope: 'plugipay:plan:create',
    successStatus: 201,
    strictIdempotency: true,
    summary: 'Create a plan with its prices',
    input: newPlan,
    async write({ on, scope, by, input }) {
      const prices = readPrices(input);
      if (!prices.ok) return prices;
      const order = { plan: readPlanFields(input), prices: prices.value };
      return createPlan(on, scope, by, order);
    },
  }),
  makeRoute<z.infer<typeof planQuery>, ListPage<PricedPlan>>({
    ...ofPlan,
    method: 'GET',
    path: '/plans',
    scope: 'plugipay:plan:read',
    successStatus: 200,
    summary: 'List plans, newest first; archived ones too',
    input: planQuery,
    async run({ call, scope, input }) {
      const wish = readPageWish(input);
      if (!wish.ok) return wish;
      const page = await listPlanPage(call.runtime.read, scope, { active: input.active }, wish.value);
      return succeed(toListPage(input, wish.value, page, (row) => ({ at: row.plan.createdAt, id: row.plan.id })));
    },
    toWire: ({ rows }) => rows.map(wirePlan),
    toMeta: pageMeta,
  }),
  makeRoute<unknown, PricedPlan>({
    ...ofPlan,
    method: 'GET',
    path: '/plans/{id}',
    scope: 'plugipay:plan:read',
    successStatus: 200,
    summary: 'Read a plan',
    input: nothing,
    async run({ call, scope, params }) {
      const id = readPlanId(params);
      const found = id.ok ? await findPlan(call.runtime.read, scope, id.value) : null;
      return found === null ? noPlan : succeed(found);
    },
  }),
  makeRoute<z.infer<typeof planChanges>, PricedPlan>({
    ...ofPlan,
    method: 'PATCH',
    path: '/plans/{id}',
    scope: 'plugipay:plan:write',
    successStatus: 200,
    summary: 'Change a plan; null clears a field, switches that are not named stay',
    input: planChanges,
    async write({ on, scope, by, params, input }) {
      const id = readPlanId(params);
      return id.ok ? updatePlan(on, scope, by, { planId: id.value, change: input }) : id;
    },
  }),
  makeRoute<unknown, PricedPlan>({
    ...ofPlan,
    method: 'POST',
    path: '/plans/{id}/archive',
    scope: 'plugipay:plan:write',
    successStatus: 200,
    summary: 'Archive a plan for good; running subscriptions go on',
    input: nothing,
    async write({ on, scope, by, params }) {
      const id = readPlanId(params);
      return id.ok ? archivePlan(on, scope, by, id.value) : id;
    },
  }),
  makeRoute<z.infer<typeof newPrice>, Price>({
    ...ofPrice,
    method: 'POST',
    path: '/plans/{id}/prices',
    scope: 'plugipay:plan:write',
    successStatus: 201,
    strictIdempotency: true,
    summary: 'Add a price to a plan; its amounts never change',
    input: newPrice,
    async write({ on, scope, by, params, input }) {
      const id = readPlanId(params);
      if (!id.ok) return id;
      return createPrice(on, scope, by, { planId: id.value, fields: input });
    },
  }),
  makeRoute<unknown, readonly Price[]>({
    ...ofPrice,
    method: 'GET',
    path: '/plans/{id}/prices',
    scope: 'plugipay:plan:read',
    successStatus: 200,
    summary: 'All prices of a plan, oldest first',
    input: nothing,
    answer: z.array(price),
    toWire: (prices) => prices.map(wirePrice),
    async run({ call, scope, params }) {
      const id = readPlanId(params);
      const found = id.ok ? await findPlan(call.runtime.read, scope, id.value) : null;
      return found === null ? noPlan : succeed(found.prices);
    },
  }),
  makeRoute<z.infer<typeof priceChanges>, Price>({
    ...ofPrice,
    method: 'PATCH',
    path: '/prices/{id}',
    scope: 'plugipay:plan:write',
    successStatus: 200,
    summary: 'Offer a price to new subscriptions, or no longer',
    input: priceChanges,
    async write({ on, scope, by, params, input }) {
      const id = readPriceId(params);
      if (!id.ok) return id;
      return updatePrice(on, scope, by, { priceId: id.value, active: input.active });
    },
  }),
  makeRoute<unknown, null>({
    ...ofPrice,
    method: 'DELETE',
    path: '/prices/{id}',
    scope: 'plugipay:plan:write',
    successStatus: 204,
    summary: 'Delete a price that nothing uses',
    input: nothing,
    answer: null,
    toWire: () => null,
    async write({ on, scope, by, params }) {
      const id = readPriceId(params);
      return id.ok ? deletePrice(on, scope, by, id.value) : id;
    },
  }),
];

const noPlan = fail('not_found', 'There is no such plan.');

function readPlanId({ id }: Readonly<Record<string, string>>): Result<PlanId> {
  const planId = readId<'plan'>(id);
  return planId === null ? noPlan : succeed(planId);
}

function readPriceId({ id }: Readonly<Record<string, string>>): Result<PriceId> {
  const priceId = readId<'price'>(id);
  return priceId === null ? fail('not_found', 'There is no such price.') : succeed(priceId);
}

/** The prices of a new plan: `prices`, or `currency` and `amount` for one flat price. */
function readPrices(input: z.infer<typeof newPlan>): Result<readonly PriceFields[]> {
  const { prices, currency: money, amount: unitAmount } = input;
  if (money === undefined && unitAmount === undefined) return succeed(prices ?? []);
  const wrong = (field: string, reason: string) => fail('validation_error', `${field}: ${reason}.`, { field });
  if (money === undefined) return wrong('currency', 'is needed beside amount');
  if (unitAmount === undefined) return wrong('amount', 'is needed beside currency');
  if (prices !== undefined) return wrong('amount', 'stands in place of prices; give one of them');
  return succeed([
    { currency: money, model: 'flat', unitAmount, tiers: null, taxMode: 'exclusive', active: true } as const,
  ]);
}

function readPlanFields(input: z.infer<typeof newPlan>): PlanFields {
  const given = Object.entries(input.portalFeatures ?? {}).filter(([, value]) => value !== undefined);
  return {
    name: input.name,
    description: input.description ?? null,
    interval: input.interval,
    intervalCount: input.intervalCount,
    trialDays: input.trialDays ?? 0,
    portalFeatures: { ...defaultPortalFeatures, ...Object.fromEntries(given) },
    usageAggregate: input.usageAggregate ?? null,
    meteredUnit: input.meteredUnit ?? null,
    dunningPolicyId: input.dunningPolicyId ?? null,
    active: input.active ?? true,
    metadata: input.metadata ?? null,
  };
}
