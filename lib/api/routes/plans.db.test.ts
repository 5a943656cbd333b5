import { beforeAll, describe, expect, it } from 'vitest';
import type { Answered, MerchantSide } from '@/lib/api/testing/merchant-side.ts';
import { openMerchantSide } from '@/lib/api/testing/merchant-side.ts';
import { countLockWaits } from '@/lib/data/testing/count-lock-waits.ts';

type Body = Record<string, unknown>;

let side: MerchantSide;
let key: { bearer: string };
beforeAll(async () => {
  side = await openMerchantSide();
  key = await side.makeBearerKey(side.workspaceId, 'test', ['plugipay:plan:*']);
});

/** A request a second after the one before. */
const call = (method: string, path: string, body?: unknown) => {
  side.test.setTime(side.test.runtime.now() + 1_000);
  return side.send(key, { method, target: `/api/v1${path}`, body });
};
const create = (body: Body) => call('POST', '/plans', { name: 'Roaster Club', interval: 'month', ...body });
const flat = { currency: 'IDR', model: 'flat', unitAmount: 149_000 };
const seenIn = ({ data }: Answered) => data as unknown as Body & { id: string; prices: (Body & { id: string })[] };
const eventsOf = async (id: string) => {
  const rows = await side.test.runtime.read
    .selectFrom('outbox')
    .select(['type', 'data'])
    .where('aggregateId', '=', id)
    .orderBy('occurredAt')
    .execute();
  return rows.map(({ type, data }) => ({ type: type.split('.')[2], ...(JSON.parse(data) as Body) }) as Body);
};

it('a new plan has exactly the fields of the wire, with its prices as they were given', async () => {
  const made = await create({
    description: 'Two bags of beans every month.',
    prices: [flat, { ...flat, currency: 'USD' }],
  });
  expect(made.status).toBe(201);
  const id = expect.stringMatching(/^pln_[0-9A-Z]{26}$/);
  const price = {
    id: expect.stringMatching(/^prc_[0-9A-Z]{26}$/),
    planId: made.data?.id,
    currency: 'IDR',
    model: 'flat',
    unitAmount: 149_000,
    tiers: null,
    taxMode: 'exclusive',
    active: true,
    createdAt: expect.any(String),
  };
  expect(made.data).toEqual({
    id,
    arn: `arn:plugipay:test:${side.workspaceId}:plan/${made.data?.id}`,
    accountId: side.workspaceId,
    name: 'Roaster Club',
    description: 'Two bags of beans every month.',
    interval: 'month',
    intervalCount: 1,
    trialDays: 0,
    prices: [price, { ...price, currency: 'USD' }],
    usageAggregate: null,
    meteredUnit: null,
    portalFeatures: {
      selfServeCancel: true,
      selfServePause: false,
      selfServeUpgrade: false,
      selfServeDowngrade: false,
      updatePaymentMethod: true,
    },
    dunningPolicyId: null,
    active: true,
    archivedAt: null,
    metadata: null,
    createdAt: expect.any(String),
    updatedAt: expect.any(String),
  });
  expect((await call('GET', `/plans/${made.data?.id}`)).data).toEqual(made.data);
  expect(await eventsOf(seenIn(made).id)).toMatchObject([{ type: 'created', object: made.data }]);
});

it('currency and amount at the top stand for one flat price', async () => {
  expect(seenIn(await create({ currency: 'USD', amount: 990 })).prices).toMatchObject([
    { currency: 'USD', model: 'flat', unitAmount: 990, tiers: null, taxMode: 'exclusive', active: true },
  ]);
  for (const [body, field] of [
    [{ currency: 'USD' }, 'amount'],
    [{ amount: 990 }, 'currency'],
    [{ currency: 'USD', amount: 990, prices: [flat] }, 'amount'],
  ] as const) {
    const answer = await create(body);
    expect([answer.status, answer.error?.field]).toEqual([400, field]);
  }
});

it('switches that are not named have their defaults, and keep what they are when others change', async () => {
  const made = seenIn(await create({ portalFeatures: { selfServePause: true, selfServeCancel: false } }));
  const first = { selfServeCancel: false, selfServePause: true, selfServeUpgrade: false };
  expect(made.portalFeatures).toMatchObject({ ...first, updatePaymentMethod: true });
  const changed = await call('PATCH', `/plans/${made.id}`, { portalFeatures: { selfServeUpgrade: true } });
  expect(changed.data).toMatchObject({ portalFeatures: { ...first, selfServeUpgrade: true } });
});

describe('prices', () => {
  const tiers = [
    { upTo: 10, unitAmount: 900, flatAmount: 0 },
    { upTo: 'inf', unitAmount: 700, flatAmount: 500 },
  ];

  it.each([
    [{ ...flat }, { tiers: null }],
    [
      { ...flat, model: 'usage', taxMode: 'inclusive' },
      { model: 'usage', taxMode: 'inclusive' },
    ],
    [
      { currency: 'IDR', model: 'tiered', tiers },
      { tiers, unitAmount: null },
    ],
    [{ currency: 'IDR', model: 'volume', tiers: [{ upTo: 'inf', unitAmount: 5 }] }, { model: 'volume' }],
    [
      { currency: 'IDR', unitAmount: 0, active: false },
      { model: 'flat', unitAmount: 0, active: false },
    ],
  ])('%j is taken', async (body, shows) => {
    const { id } = seenIn(await create({}));
    const answer = await call('POST', `/plans/${id}/prices`, body);
    expect(answer.status).toBe(201);
    expect(answer.data).toMatchObject(shows);
    expect((await call('GET', `/plans/${id}/prices`)).data).toEqual([answer.data]);
    expect((await call('GET', `/plans/${id}`)).data).toMatchObject({ prices: [answer.data] });
  });

  it.each([
    [{ ...flat, unitAmount: 1.5 }, 'unitAmount'],
    [{ ...flat, unitAmount: -1 }, 'unitAmount'],
    [{ ...flat, unitAmount: '149000' }, 'unitAmount'],
    [{ ...flat, unitAmount: null }, 'unitAmount'],
    [{ ...flat, currency: 'SGD' }, 'currency'],
    [{ ...flat, model: 'stairs' }, 'model'],
    [{ ...flat, taxMode: 'none' }, 'taxMode'],
    [{ ...flat, tiers }, 'tiers'],
    [{ currency: 'IDR', model: 'tiered' }, 'tiers'],
    [{ currency: 'IDR', model: 'tiered', tiers, unitAmount: 5 }, 'unitAmount'],
    [{ currency: 'IDR', model: 'tiered', tiers: [...tiers].reverse() }, 'tiers.0.upTo'],
    [{ currency: 'IDR', model: 'volume', tiers: [tiers[0]] }, 'tiers.0.upTo'],
    [{ currency: 'IDR', model: 'volume', tiers: [tiers[0], ...tiers] }, 'tiers.1.upTo'],
    [{ currency: 'IDR', model: 'volume', tiers: [{ ...tiers[0], upTo: 0 }, tiers[1]] }, 'tiers.0.upTo'],
    [{ currency: 'IDR', model: 'volume', tiers: [{ upTo: 'inf', unitAmount: 0.5 }] }, 'tiers.0.unitAmount'],
    [{ currency: 'IDR', model: 'volume', tiers: [{ upTo: 'inf', unitAmount: 5, colour: 'red' }] }, 'tiers.0.colour'],
  ])('%j is refused by its field, alone and within a plan', async (body, field) => {
    const { id } = seenIn(await create({}));
    const alone = await call('POST', `/plans/${id}/prices`, body);
    expect([alone.status, alone.error?.code, alone.error?.field]).toEqual([400, 'validation_error', field]);
    const within = await create({ prices: [flat, body] });
    expect([within.status, within.error?.field]).toEqual([400, `prices.1.${field}`]);
  });

  it('never change their amounts: active alone can be changed, and changes the plan', async () => {
    const plan = seenIn(await create({ prices: [flat] }));
    const id = plan.prices[0]?.id;
    for (const field of ['unitAmount', 'currency', 'model', 'tiers', 'taxMode', 'planId']) {
      const answer = await call('PATCH', `/prices/${id}`, { [field]: 1 });
      expect([answer.status, answer.error?.field]).toEqual([400, field]);
    }
    const off = await call('PATCH', `/prices/${id}`, { active: false });
    expect(off.data).toEqual({ ...plan.prices[0], active: false });
    await call('PATCH', `/prices/${id}`, { active: false });
    await call('PATCH', `/prices/${id}`, {});
    expect(await eventsOf(plan.id)).toMatchObject([
      { type: 'created' },
      { type: 'updated', changed: ['prices'], object: { prices: [{ active: false }] } },
    ]);
  });

  it('are deleted while nothing uses them, and held once a subscription or an invoice does', async () => {
    const plan = seenIn(await create({ prices: [flat, flat, flat] }));
    const [spare, taken, billed] = plan.prices.map(({ id }) => id);
    const { runtime } = side.test;
    const scope = { workspaceId: side.workspaceId, mode: 'test', customerId: side.customerId } as const;
    const at = { createdAt: runtime.now(), updatedAt: runtime.now() };
    await runtime.write(async (tx) => {
      await tx
        .insertInto('subscriptions')
        .values({
          ...scope,
          ...at,
          id: 'sub_ended',
          planId: plan.id,
          priceId: taken ?? null,
          status: 'canceled',
          quantity: 1,
          startedAt: 1,
          currentPeriodStart: 1,
          currentPeriodEnd: 2,
          collectionMethod: 'send_invoice',
          endedAt: 2,
        })
        .execute();
      await tx
        .insertInto('invoices')
        .values({
          ...scope,
          ...at,
          id: 'inv_billed',
          status: 'void',
          number: 'INV-1',
          currency: 'IDR',
          subtotal: 1,
          discount: 0,
          tax: 0,
          total: 1,
          amountPaid: 0,
          collectionAttempts: 0,
          billedTo: '{}',
        })
        .execute();
      const line = { id: 'il_1', invoiceId: 'inv_billed', position: 0, description: 'x', quantity: 1 };
      await tx
        .insertInto('invoiceLines')
        .values({ ...line, unitAmount: 1, amount: 1, priceId: billed ?? null })
        .execute();
    });
    for (const id of [taken, billed]) {
      const answer = await call('DELETE', `/prices/${id}`);
      expect([answer.status, answer.error?.code]).toEqual([409, 'conflict']);
    }
    expect((await call('DELETE', `/prices/${spare}`)).status).toBe(204);
    expect((await call('DELETE', `/prices/${spare}`)).status).toBe(404);
    const left = seenIn(await call('GET', `/plans/${plan.id}`)).prices.map(({ id }) => id);
    expect(left).toEqual([taken, billed]);
    expect((await eventsOf(plan.id)).map(({ type, changed }) => [type, changed])).toEqual([
      ['created', undefined],
      ['updated', ['prices']],
    ]);
  });

  it('stay when a subscription takes them in the moment they are deleted', async () => {
    const plan = seenIn(await create({ prices: [flat] }));
    const priceId = plan.prices[0]?.id ?? '';
    const { runtime } = side.test;
    let tellInserted = (): void => undefined;
    let letGo = (): void => undefined;
    const inserted = new Promise<void>((resolve) => {
      tellInserted = resolve;
    });
    const asked = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    const taken = runtime.writeAlone(async (tx) => {
      await tx
        .insertInto('subscriptions')
        .values({
          workspaceId: side.workspaceId,
          mode: 'test',
          customerId: side.customerId,
          id: 'sub_racing',
          planId: plan.id,
          priceId,
          status: 'active',
          quantity: 1,
          startedAt: 1,
          currentPeriodStart: 1,
          currentPeriodEnd: 2,
          collectionMethod: 'send_invoice',
          createdAt: 1,
          updatedAt: 1,
        })
        .execute();
      tellInserted();
      await asked;
    });
    await inserted;
    const deletion = call('DELETE', `/prices/${priceId}`);
    // On PostgreSQL the deletion waits for the row; on SQLite for its turn.
    while (runtime.engine === 'postgres' && (await countLockWaits(runtime)) === 0);
    letGo();
    await taken;
    const answer = await deletion;
    expect([answer.status, answer.error?.code]).toEqual([409, 'conflict']);
    expect(seenIn(await call('GET', `/plans/${plan.id}`)).prices).toHaveLength(1);
  });

  it('are at most a hundred a plan', async () => {
    const plan = seenIn(await create({ prices: Array(100).fill(flat) }));
    expect(plan.prices).toHaveLength(100);
    const answer = await call('POST', `/plans/${plan.id}/prices`, flat);
    expect([answer.status, answer.error?.code]).toEqual([409, 'conflict']);
    expect((await create({ prices: Array(101).fill(flat) })).error?.field).toBe('prices');
  });
});

it.each([
  ['name', { name: '' }],
  ['name', { name: 'x'.repeat(256) }],
  ['name', { name: undefined }],
  ['description', { description: 'x'.repeat(1_025) }],
  ['interval', { interval: 'fortnight' }],
  ['interval', { interval: undefined }],
  ['intervalCount', { intervalCount: 0 }],
  ['trialDays', { trialDays: -1 }],
  ['trialDays', { trialDays: 1.5 }],
  ['usageAggregate', { usageAggregate: 'mean' }],
  ['portalFeatures.editDetails', { portalFeatures: { editDetails: true } }],
  ['portalFeatures.selfServeCancel', { portalFeatures: { selfServeCancel: 'yes' } }],
  ['metadata.tier', { metadata: { tier: 1 } }],
  ['active', { active: 1 }],
  ['archivedAt', { archivedAt: null }],
])('a new plan that is wrong is refused by its %s', async (field, body) => {
  const answer = await create(body);
  expect([answer.status, answer.error?.code, answer.error?.field]).toEqual([400, 'validation_error', field]);
});

it('a change touches only what was sent, null clears, and the event names what differs', async () => {
  const plan = seenIn(await create({ description: 'Beans', metadata: { b: '1', a: '2' }, trialDays: 7 }));
  const changed = await call('PATCH', `/plans/${plan.id}`, {
    name: 'Roaster Club Plus',
    description: null,
    trialDays: 7,
    metadata: { a: '2', b: '1' },
  });
  expect(changed.data).toMatchObject({ name: 'Roaster Club Plus', description: null, trialDays: 7 });
  expect(changed.data?.updatedAt).not.toBe(plan.updatedAt);
  const again = await call('PATCH', `/plans/${plan.id}`, { name: 'Roaster Club Plus' });
  expect(again.data).toEqual(changed.data);
  expect(await eventsOf(plan.id)).toMatchObject([
    { type: 'created' },
    { type: 'updated', changed: ['name', 'description'], object: changed.data },
  ]);
  for (const field of ['interval', 'intervalCount', 'prices', 'usageAggregate', 'meteredUnit', 'currency']) {
    const answer = await call('PATCH', `/plans/${plan.id}`, { [field]: 1 });
    expect([answer.status, answer.error?.field]).toEqual([400, field]);
  }
});

it('an archived plan stays archived: no longer active, open to a new name, closed to new prices', async () => {
  const plan = seenIn(await create({ prices: [flat] }));
  const archived = await call('POST', `/plans/${plan.id}/archive`);
  expect(archived.status).toBe(200);
  expect(archived.data).toMatchObject({ active: false, archivedAt: expect.any(String) });
  side.test.setTime(side.test.runtime.now() + 60_000);
  expect((await call('POST', `/plans/${plan.id}/archive`, {})).data).toEqual(archived.data);
  const woken = await call('PATCH', `/plans/${plan.id}`, { active: true, name: 'New' });
  expect([woken.status, woken.error?.code, woken.error?.field]).toEqual([409, 'conflict', 'active']);
  const priced = await call('POST', `/plans/${plan.id}/prices`, flat);
  expect([priced.status, priced.error?.code]).toEqual([409, 'conflict']);
  const renamed = await call('PATCH', `/plans/${plan.id}`, { name: 'Roaster Club (old)', active: false });
  expect(renamed.data).toMatchObject({ name: 'Roaster Club (old)', archivedAt: archived.data?.archivedAt });
  expect((await eventsOf(plan.id)).map(({ type, changed }) => [type, changed])).toEqual([
    ['created', undefined],
    ['archived', ['active', 'archivedAt']],
    ['updated', ['name']],
  ]);
});

it('a list walks every plan once with its prices, and active narrows it', async () => {
  const mine = await openMerchantSide();
  const reader = await mine.makeBearerKey(mine.workspaceId, 'test', ['plugipay:plan:*']);
  const send = (method: string, target: string, body?: unknown) => mine.send(reader, { method, target, body });
  for (let at = 0; at < 5; at += 1) {
    if (at % 2 === 0) mine.test.setTime(mine.test.runtime.now() + 1_000);
    await send('POST', '/v1/plans', { name: `P${at}`, interval: 'year', active: at < 3, currency: 'IDR', amount: at });
  }
  const walk = async (query: string): Promise<string[]> => {
    const names: string[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const page: Answered = await send('GET', `/v1/plans?limit=2${query}${cursor === '' ? '' : `&cursor=${cursor}`}`);
      expect(page.status).toBe(200);
      for (const row of page.data as unknown as { name: string; prices: { unitAmount: number }[] }[]) {
        expect(row.prices).toMatchObject([{ unitAmount: Number(row.name.slice(1)) }]);
        names.push(row.name);
      }
      cursor = (page.meta as unknown as { cursor: string | null }).cursor;
    }
    return names;
  };
  const all = await walk('');
  expect([...all].sort()).toEqual(['P0', 'P1', 'P2', 'P3', 'P4']);
  expect(await walk('&order=asc')).toEqual([...all].reverse());
  expect((await walk('&active=true')).sort()).toEqual(['P0', 'P1', 'P2']);
  expect((await walk('&active=false')).sort()).toEqual(['P3', 'P4']);
  expect((await send('GET', '/v1/plans?active=yes')).error?.field).toBe('active');
});

it('a create and a delete under an idempotency key happen once', async () => {
  const body = { name: 'Once', interval: 'week', prices: [flat] };
  const sent = { method: 'POST', target: '/api/v1/plans', body, idempotencyKey: 'idem_plan' };
  const first = await side.send(key, sent);
  const again = await side.send(key, sent);
  expect([again.status, again.headers.get('idempotency-replayed')]).toEqual([201, 'true']);
  expect(again.data).toEqual(first.data);
  const target = `/api/v1/prices/${seenIn(first).prices[0]?.id}`;
  const deletion = { method: 'DELETE', target, body: undefined, idempotencyKey: 'idem_price' };
  expect((await side.send(key, deletion)).status).toBe(204);
  expect((await side.send(key, deletion)).status).toBe(204);
});
