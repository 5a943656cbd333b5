import { DatabaseSync } from 'node:sqlite';
import { expect } from '@playwright/test';
import type { Buyer } from '@/e2e/buyer-lines.ts';
import { test } from '@/e2e/fixtures.ts';
import { enterByHttp, freshFormId, openHttpBrowser } from '@/e2e/http-browser.ts';
import { openBeside } from '@/e2e/portal-data.ts';
import type { PortalServer } from '@/e2e/portal-server.ts';
import type { RawAnswer } from '@/e2e/raw-http.ts';
import { openShop } from '@/e2e/shop.ts';

/** What a page still says, and what it says instead of the part whose table is away. */
type Fault = {
  readonly table: string;
  readonly path: string;
  readonly fails: readonly string[];
  readonly stands: readonly string[];
};

/** Takes a table away, as a half migration or a damaged file does, and puts it back afterwards. */
async function without<T>(portal: PortalServer, table: string, work: () => Promise<T>): Promise<T> {
  const beside = new DatabaseSync(portal.environment.PORTAL_DATABASE_FILE ?? '');
  try {
    beside.exec(`pragma busy_timeout = 5000; alter table ${table} rename to ${table}_away`);
    return await work();
  } finally {
    beside.exec(`alter table ${table}_away rename to ${table}`);
    beside.close();
  }
}

/** The words of a page, without markup. */
function wordsOf(answer: RawAnswer): string {
  return answer.body
    .replace(/<(style|script)[^>]*>.*?<\/\1>/gs, '')
    .replace(/<[^>]+>/g, ' ')
    .replace(/&#x27;/g, '’')
    .replaceAll("'", '’')
    .replace(/\s+/g, ' ');
}

/** No answer, however broken the ground, shows a stack, a path, a statement or the name of a table. */
function expectNoInside(answer: RawAnswer, about: string): void {
  expect
    .soft(answer.body, about)
    .not.toMatch(/\bat .+:\d+:\d+|node_modules|SQLITE|no such table|select "|\.tsx?\b|_away/);
  expect.soft(answer.headers['content-security-policy'], about).toBeDefined();
  expect.soft(answer.headers['cache-control'], about).toContain('no-store');
}

function faultsOf(buyer: Buyer, receiptId: string): Fault[] {
  const [first, second] = buyer.subscriptions;
  const paid = first?.invoices[0]?.id;
  const due = second?.invoices.at(-1)?.id;
  const failed = (section: string) => `We couldn’t load ${section}. Nothing was changed.`;
  const attention = 'We couldn’t check whether something needs you.';
  return [
    {
      table: 'payment_methods',
      path: '/',
      fails: [failed('Next payment')],
      stands: ['Your billing', 'Subscriptions', 'Roaster Club', 'Latest documents'],
    },
    {
      table: 'payment_attempts',
      path: '/',
      fails: [attention],
      stands: ['Your billing', 'Next payment', 'Subscriptions', 'Roaster Club'],
    },
    {
      table: 'receipts',
      path: '/',
      fails: [failed('Latest documents')],
      stands: ['Your billing', 'Next payment', 'Subscriptions'],
    },
    { table: 'subscriptions', path: '/invoices', fails: [], stands: ['Invoices', 'INV-'] },
    { table: 'subscriptions', path: '/receipts', fails: [], stands: ['Receipts'] },
    { table: 'payment_methods', path: `/subscriptions/${first?.id}`, fails: [], stands: ['Roaster Club'] },
    {
      table: 'receipts',
      path: '/receipts',
      fails: [failed('the receipts')],
      stands: ['Receipts', 'Back to Kopi Senja'],
    },
    {
      table: 'invoices',
      path: '/invoices',
      fails: [failed('the totals'), failed('the invoices')],
      stands: ['Invoices', 'Back to Kopi Senja'],
    },
    { table: 'invoice_lines', path: `/invoices/${paid}`, fails: [failed('the lines')], stands: ['INV-', 'Total'] },
    {
      table: 'payment_attempts',
      path: `/invoices/${due}`,
      fails: [failed('what happened')],
      stands: ['INV-', 'Total'],
    },
    {
      table: 'refunds',
      path: `/receipts/${receiptId}`,
      fails: [failed('the refunds')],
      stands: ['Office Barista', 'Total'],
    },
    {
      table: 'audit_lines',
      path: '/sessions',
      fails: [failed('Done in it')],
      stands: ['Sessions', 'Other open sessions'],
    },
    {
      table: 'subscriptions',
      path: '/payment-methods',
      fails: ['We couldn’t load what this pays.'],
      stands: ['Payment methods', 'Visa ending 4242', 'Add a payment method'],
    },
    {
      table: 'payment_methods',
      path: '/payment-methods',
      fails: [failed('the payment methods')],
      stands: ['Payment methods', 'Add a payment method'],
    },
  ];
}

test('a table that cannot be read takes its own section with it and leaves the rest of the page', async ({
  startPortal,
}) => {
  test.setTimeout(120_000);
  const portal = await startPortal({ environment: { PORTAL_TEST_TOOLS: '0' } });
  const on = await openBeside(portal.environment);
  const shop = await openShop(on);
  try {
    const buyer = await shop.addBuyer({
      methods: [{}, { brand: 'mastercard', last4: '4444' }],
      subscriptions: [{}, { plan: 'Office Barista', amount: 99_000, isPastDue: true }],
    });
    const receipt = await on.read.selectFrom('receipts').select('id').executeTakeFirstOrThrow();
    const browser = openHttpBrowser(portal.origin);
    await enterByHttp(browser, (await shop.mint(buyer)).url);
    for (const { table, path, fails, stands } of faultsOf(buyer, receipt.id)) {
      const whole = wordsOf(await browser.get(path));
      const answer = await without(portal, table, () => browser.get(path));
      const about = `${path} without ${table}`;
      const words = wordsOf(answer);
      expect.soft(answer.status, about).toBe(200);
      for (const text of stands) expect.soft(words, about).toContain(text);
      for (const text of fails) {
        expect.soft(words, about).toContain(text);
        expect.soft(whole, `${path}, whole`).not.toContain(text);
      }
      if (/Nothing was changed/.test(fails.join()) && path !== '/sessions')
        expect.soft(words, about).toMatch(/Reference \w{8}/);
      expectNoInside(answer, about);
    }
  } finally {
    await shop.close();
    await on.close();
  }
});

test('a document that cannot be made, and a page whose ground is gone, say so in words with a reference', async ({
  startPortal,
}) => {
  test.setTimeout(120_000);
  const portal = await startPortal();
  const on = await openBeside(portal.environment);
  const shop = await openShop(on);
  try {
    const buyer = await shop.addBuyer({ methods: [{}], subscriptions: [{}, { plan: 'Office Barista' }] });
    const [first, second] = buyer.subscriptions;
    const receipt = await on.read
      .selectFrom('receipts')
      .select('id')
      .where('customerId', '=', buyer.customerId)
      .executeTakeFirstOrThrow();
    const browser = openHttpBrowser(portal.origin);
    await enterByHttp(browser, (await shop.mint(buyer)).url);
    const cancel = `/subscriptions/${second?.id}/cancel`;
    const [, name = '', value = ''] =
      /name="(promised[^"]*)" value="([^"]*)"/.exec((await browser.get(cancel)).body) ?? [];
    await browser.post(cancel, { [name]: value, timing: 'period_end', form: freshFormId() });
    const begun = await browser.post('/payment-methods/add', { form: freshFormId() });
    expect(begun.status).toBe(303);
    const visit = await on.read
      .selectFrom('providerVisits')
      .select('id')
      .where('customerId', '=', buyer.customerId)
      .executeTakeFirstOrThrow();
    await on.write((tx) =>
      tx.updateTable('providerVisits').set({ status: 'pending' }).where('id', '=', visit.id).execute(),
    );
    for (const { path, table } of [
      { path: `/invoices/${first?.invoices[0]?.id}/pdf`, table: 'invoice_lines' },
      { path: `/receipts/${receipt.id}/pdf`, table: 'refunds' },
    ]) {
      expect((await browser.get(path)).headers['content-type'], path).toBe('application/pdf');
      const answer = await without(portal, table, () => browser.get(path));
      expect.soft(answer.status, path).toBe(500);
      expect.soft(answer.headers['content-type'], path).toContain('text/html');
      expect.soft(answer.headers['content-disposition'], path).toBeUndefined();
      expect
        .soft(wordsOf(answer), path)
        .toMatch(/We couldn’t make the PDF just now\. Nothing was changed\. Reference \w{8}\./);
      expect.soft(wordsOf(answer), path).toContain('Try again');
      expectNoInside(answer, path);
    }
    // A certificate is frozen text: a row that cannot be drawn stands for whatever breaks its drawing.
    expect((await browser.get(`${cancel}/certificate`)).headers['content-type']).toBe('application/pdf');
    await on.write((tx) => tx.updateTable('cancellationCertificates').set({ body: '{}' }).execute());
    const certificate = await browser.get(`${cancel}/certificate`);
    expect.soft(certificate.status).toBe(500);
    expect
      .soft(wordsOf(certificate))
      .toMatch(/We couldn’t make the PDF just now\. Nothing was changed\. Reference \w{8}\./);
    expectNoInside(certificate, 'certificate');
    for (const table of ['browser_sessions', 'customers', 'workspaces', 'workspace_modes', 'provider_visits']) {
      for (const path of [
        '/',
        '/invoices',
        '/signed-out',
        `/waiting/${visit.id}`,
        `/waiting/${visit.id}/status`,
        '/logo/'.padEnd(70, 'a'),
      ]) {
        const about = `${path} without ${table}`;
        const answer = await without(portal, table, () => browser.get(path));
        expect.soft([200, 303, 307, 404, 500, 503], about).toContain(answer.status);
        if (answer.status >= 500 && !/status$|logo/.test(path))
          expect.soft(wordsOf(answer), about).toMatch(/broke on our side/);
        if (answer.status === 307) expect.soft(answer.headers.location, about).toBe('/');
        else expect.soft(answer.body, about).not.toContain('__next_error__');
        expectNoInside(answer, about);
      }
      const post = await without(portal, table, () => browser.post('/sessions', { form: freshFormId() }));
      expectNoInside(post, `POST /sessions without ${table}`);
    }
    const log = portal.log();
    expect(log).toContain('"event":"document.failed"');
    expect(log).toContain('"event":"page.failed"');
  } finally {
    await shop.close();
    await on.close();
  }
});
