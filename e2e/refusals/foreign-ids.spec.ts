import { expect } from '@playwright/test';
import type { Buyer } from '@/e2e/buyer-lines.ts';
import { test } from '@/e2e/fixtures.ts';
import type { HttpBrowser } from '@/e2e/http-browser.ts';
import { enterByHttp, freshFormId, openHttpBrowser } from '@/e2e/http-browser.ts';
import { layLinks, openBeside } from '@/e2e/portal-data.ts';
import { listPortalRoutes } from '@/e2e/portal-routes.ts';
import type { Shop } from '@/e2e/shop.ts';
import { openShop } from '@/e2e/shop.ts';
import { everyText } from '@/lib/data/testing/every-text.ts';
import type { CustomerId } from '@/lib/domain/ids.ts';
import type { Runtime } from '@/lib/runtime.ts';

const dayMs = 86_400_000;

/** A buyer with one of everything that a form can name, as it stands before anybody acts. */
type Holdings = {
  readonly runs: string;
  readonly isCancelled: string;
  readonly isPastDue: string;
  readonly invoice: string;
  readonly receipt: string;
  readonly pays: string;
  readonly idle: string;
  readonly leaving: string;
  /** Another browser session of this buyer. */
  readonly session: string;
};

/** One form with somebody's ids in it. `status` is what the design wants where the ids are not the sender's. */
type Form = {
  readonly about: string;
  readonly route: string;
  readonly path: string;
  readonly fields: Readonly<Record<string, string>>;
  readonly status: readonly number[];
};

test('Z02 a form with another buyer’s ids in its address or its fields does nothing at all', async ({
  startPortal,
}) => {
  test.setTimeout(180_000);
  // Alone on its database, so that every row of every table may be compared.
  const portal = await startPortal({ environment: { PORTAL_TEST_TOOLS: '0' } });
  const on = await openBeside(portal.environment);
  const [here, elsewhere] = [await openShop(on), await openShop(on, { name: 'Teh Sore' })];
  try {
    const victim = await addBuyer(here);
    const theirs = await prepare(on, here, victim);
    const strangers: [string, Shop, Buyer][] = [
      ['of the same workspace', here, await addBuyer(here)],
      ['of another workspace', elsewhere, await addBuyer(elsewhere)],
    ];
    for (const [who, shop, stranger] of strangers) {
      const own = await prepare(on, shop, stranger);
      const promises = await readPromises(await enter(on, shop, stranger), own);
      const forms = listForms(theirs, own, promises);
      const covered = new Set(forms.map(({ route }) => route));
      const posts = listPortalRoutes().filter(({ methods }) => methods.includes('POST'));
      expect(posts.map(({ pattern }) => pattern).filter((pattern) => !covered.has(pattern))).toEqual([]);
      const browser = await enter(on, shop, stranger);
      for (const form of forms) {
        const about = `${form.about}, by a buyer ${who}`;
        const before = await rowsOf(on);
        const answer = await browser.post(form.path, { ...form.fields, form: freshFormId() });
        expect.soft(form.status, `${about}: ${answer.status}`).toContain(answer.status);
        expect.soft(answer.body, about).not.toContain(victim.email);
        expect.soft(changes(before, await rowsOf(on)), about).toEqual([]);
      }
    }
    // The same fields from the buyer whose ids they are do act: what refused them was whose they are.
    const browser = await enter(on, here, victim);
    for (const form of listForms(theirs, theirs, await readPromises(browser, theirs)).filter(({ about }) =>
      about.startsWith('all theirs'),
    )) {
      const fresh = await enter(on, here, victim);
      const answer = await fresh.post(form.path, { ...form.fields, form: freshFormId() });
      expect.soft(answer.status, `${form.about}, by the buyer themselves`).toBe(303);
    }
  } finally {
    await Promise.all([here.close(), elsewhere.close()]);
    await on.close();
  }
});

function addBuyer(shop: Shop): Promise<Buyer> {
  return shop.addBuyer({
    methods: [{}, { brand: 'mastercard', last4: '4444' }, { brand: 'jcb', last4: '0505' }],
    subscriptions: [{}, { plan: 'Office Barista', amount: 99_000 }, { plan: 'Single Origin', isPastDue: true }],
  });
}

async function enter(on: Runtime, { scope, key }: Shop, buyer: Buyer): Promise<HttpBrowser> {
  const browser = openHttpBrowser(key.origin);
  const [link] = await layLinks(on, { scope, key, customers: [buyer.customerId as CustomerId] }, 1);
  await enterByHttp(browser, `${key.origin}/p/${link?.token}`);
  return browser;
}

/** Brings the second subscription to its done page and the third method to leaving, and opens a second session. */
async function prepare(on: Runtime, shop: Shop, buyer: Buyer): Promise<Holdings> {
  const [runs, cancelled, pastDue] = buyer.subscriptions;
  const [pays = '', idle = '', leaving = ''] = buyer.methods;
  const browser = await enter(on, shop, buyer);
  const path = `/subscriptions/${cancelled?.id}/cancel`;
  const promise = promiseIn((await browser.get(path)).body);
  const done = await browser.post(path, { ...promise, timing: 'period_end', form: freshFormId() });
  expect(done.status).toBe(303);
  await on.write((tx) =>
    tx
      .updateTable('paymentMethods')
      .set({ detachAt: on.now() + 20 * dayMs })
      .where('id', '=', leaving)
      .execute(),
  );
  const session = await on.read
    .selectFrom('browserSessions')
    .select('id')
    .where('customerId', '=', buyer.customerId)
    .executeTakeFirstOrThrow();
  const receipt = await on.read
    .selectFrom('receipts')
    .select('id')
    .where('customerId', '=', buyer.customerId)
    .executeTakeFirstOrThrow();
  return {
    runs: runs?.id ?? '',
    isCancelled: cancelled?.id ?? '',
    isPastDue: pastDue?.id ?? '',
    invoice: pastDue?.invoices.at(-1)?.id ?? '',
    receipt: receipt.id,
    pays,
    idle,
    leaving,
    session: session.id,
  };
}

/** What the question about cancelling promises, as its form carries it. */
async function readPromises(browser: HttpBrowser, { runs }: Holdings): Promise<Record<string, string>> {
  return promiseIn((await browser.get(`/subscriptions/${runs}/cancel`)).body);
}

function promiseIn(page: string): Record<string, string> {
  const [, name = '', value = ''] = /name="(promised[^"]*)" value="([^"]*)"/.exec(page) ?? [];
  expect(name).not.toBe('');
  return { [name]: value };
}

/** Every form of the portal with ids, once with their address, and once with theirs in each field of an own one. */
function listForms(theirs: Holdings, own: Holdings, promises: Readonly<Record<string, string>>): Form[] {
  const method = (verb: string, id: string) => `/payment-methods/${id}/${verb}`;
  const subscription = (verb: string, id: string) => `/subscriptions/${id}/${verb}`;
  const of = (route: string, path: string, forms: readonly [string, Record<string, string>, number[]?][]): Form[] =>
    forms.map(([about, fields, status = [404]]) => ({ about: `${about}: ${route}`, route, path, fields, status }));
  const makeDefault = '/payment-methods/{id}/default';
  const use = '/payment-methods/{id}/use';
  const remove = '/payment-methods/{id}/remove';
  const add = '/payment-methods/add';
  const pay = '/invoices/{id}/pay';
  return [
    ...of(makeDefault, method('default', theirs.idle), [
      ['their method, nothing moves', {}],
      ['their method, own subscription', { use: own.runs }],
      ['their method, own invoice', { pay: own.invoice }],
      ['all theirs', { use: theirs.runs }],
    ]),
    ...of(makeDefault, method('default', own.idle), [
      ['their subscription', { use: theirs.runs }],
      ['their invoice', { pay: theirs.invoice }],
      ['own subscription, their invoice', { use: own.runs, pay: theirs.invoice }],
    ]),
    ...of(use, method('use', theirs.idle), [
      ['their method, own subscription', { use: own.runs }],
      ['their method, nothing', {}],
      ['all theirs', { use: theirs.runs }],
    ]),
    ...of(use, method('use', own.idle), [['their subscription', { use: theirs.runs }]]),
    ...of('/payment-methods/{id}/keep', method('keep', theirs.leaving), [['all theirs', {}]]),
    ...of(add, '/payment-methods/add', [
      ['their invoice', { pay: theirs.invoice }],
      ['own subscription, their invoice', { use: own.runs, pay: theirs.invoice }],
      ['all theirs', { use: theirs.runs }],
    ]),
    ...of(pay, `/invoices/${theirs.invoice}/pay`, [
      ['their invoice, own method', { method: own.pays }],
      ['their invoice, at the provider', { method: 'other' }],
      ['all theirs', { method: theirs.pays, keep: '1' }],
    ]),
    ...of(pay, `/invoices/${own.invoice}/pay`, [['their method', { method: theirs.pays, keep: '1' }, [400, 404]]]),
    ...of('/receipts/{id}/email', `/receipts/${theirs.receipt}/email`, [['all theirs', {}]]),
    ...of('/subscriptions/{id}/cancel', subscription('cancel', theirs.runs), [
      ['all theirs', { ...promises, timing: 'period_end' }],
    ]),
    ...of('/subscriptions/{id}/cancel/reason', `${subscription('cancel', theirs.isCancelled)}/reason`, [
      ['all theirs', { reason: 'quality', comment: 'Too bitter.' }],
    ]),
    ...of('/subscriptions/{id}/undo', subscription('undo', theirs.isCancelled), [['all theirs', {}]]),
    ...of(remove, method('remove', theirs.idle), [
      ['their method, at once', { way: 'now' }],
      ['their method, own instead', { way: 'replaced', by: own.pays }],
      ['their method, later', { way: 'at_end' }],
      ['all theirs', { way: 'replaced', by: theirs.pays }],
    ]),
    ...of(remove, method('remove', own.pays), [['theirs instead', { way: 'replaced', by: theirs.pays }, [400, 404]]]),
    // A session that is not the buyer's is one that is not there: the list comes again, and nothing was ended.
    ...of('/sessions', '/sessions', [['all theirs', { only: theirs.session }, [303]]]),
  ];
}

/** Every row of every table, but what the process notes of itself and the memory of a spent form. */
async function rowsOf(on: Runtime): Promise<readonly string[]> {
  const rows = await everyText(on);
  return rows
    .filter((row) => !/^(meta|job_leases|form_outcomes) /.test(row))
    .map((row) => row.replace(/^(outbox .*)"publishedAt":(null|\d+)/, '$1'))
    .sort();
}

function changes(before: readonly string[], after: readonly string[]): string[] {
  const [had, has] = [new Set(before), new Set(after)];
  return [
    ...before.filter((row) => !has.has(row)).map((row) => `gone: ${row}`),
    ...after.filter((row) => !had.has(row)).map((row) => `new: ${row}`),
  ];
}
