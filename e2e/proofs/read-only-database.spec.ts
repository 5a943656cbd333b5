import { closeSync, openSync, writeSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { expect } from '@playwright/test';
import pg from 'pg';
import { test } from '@/e2e/fixtures.ts';
import { enterByHttp, freshFormId, openHttpBrowser } from '@/e2e/http-browser.ts';
import { callApi } from '@/e2e/merchant.ts';
import { layLinks, layMerchant, openBeside, returnUrl } from '@/e2e/portal-data.ts';
import type { PortalServer } from '@/e2e/portal-server.ts';
import { everyText } from '@/lib/data/testing/every-text.ts';

/**
 * Makes the database read-only under the running server. SQLite: the write version in the file's header says that
 * nobody may write it, whoever asks, root included. PostgreSQL: as a standby or a provider's read-only mode does.
 */
async function makeReadOnly(portal: PortalServer): Promise<void> {
  const url = portal.environment.DATABASE_URL ?? '';
  if (url !== '') {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    await client.query('alter database portal set default_transaction_read_only = on');
    await client.query(
      'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
    );
    await client.end();
    return;
  }
  const file = portal.environment.PORTAL_DATABASE_FILE ?? '';
  const beside = new DatabaseSync(file);
  beside.exec('pragma busy_timeout = 5000; update meta set value = value; pragma wal_checkpoint(truncate)');
  beside.close();
  const header = openSync(file, 'r+');
  writeSync(header, Uint8Array.of(3), 0, 1, 18);
  closeSync(header);
}

for (const engine of ['sqlite', 'postgres'] as const) {
  test(`on a read-only database pages are read, writes are a calm 503, and nothing is half done, ${engine}`, async ({
    startPortal,
  }) => {
    test.setTimeout(120_000);
    const portal = await startPortal({ engine, environment: { PORTAL_TEST_TOOLS: '0' } });
    const on = await openBeside(portal.environment);
    const merchant = await layMerchant(on, 'frozen', 2);
    const [first, second] = await layLinks(on, merchant, 2);
    const browser = openHttpBrowser(portal.origin);
    await enterByHttp(browser, `${portal.origin}/p/${first?.token}`);
    // Seen last two minutes ago: the next page would note the visit.
    await on.write((tx) =>
      tx
        .updateTable('browserSessions')
        .set({ lastSeenAt: on.now() - 120_000 })
        .execute(),
    );
    const cancel = '/subscriptions/sub_frozen_0/cancel';
    const [, name = '', value = ''] =
      /name="(promised[^"]*)" value="([^"]*)"/.exec((await browser.get(cancel)).body) ?? [];
    await on.write((tx) =>
      tx
        .updateTable('browserSessions')
        .set({ lastSeenAt: on.now() - 120_000 })
        .execute(),
    );
    const before = (await everyText(on)).filter((row) => !/^(meta|job_leases) /.test(row)).sort();
    await makeReadOnly(portal);
    for (const path of [
      '/',
      '/invoices',
      '/invoices/inv_frozen_0_a',
      '/receipts',
      '/payment-methods',
      '/sessions',
      cancel,
    ]) {
      const answer = await browser.get(path);
      expect.soft(answer.status, path).toBe(200);
      expect.soft(answer.body, path).toContain('Kopi frozen');
    }
    expect.soft((await browser.get('/invoices/inv_frozen_0_a/pdf')).headers['content-type']).toBe('application/pdf');
    const entry = await browser.get(`/p/${second?.token}`);
    expect.soft(entry.status).toBe(200);
    const stranger = openHttpBrowser(portal.origin);
    for (const { about, answer } of [
      { about: 'burn', answer: await enterByHttp(stranger, `${portal.origin}/p/${second?.token}`) },
      {
        about: 'cancel',
        answer: await browser.post(cancel, { [name]: value, timing: 'period_end', form: freshFormId() }),
      },
      {
        about: 'remove',
        answer: await browser.post('/payment-methods/pt_frozen_0/remove', { way: 'at_end', form: freshFormId() }),
      },
      { about: 'add', answer: await browser.post('/payment-methods/add', { form: freshFormId() }) },
      { about: 'end the others', answer: await browser.post('/sessions', { form: freshFormId() }) },
      { about: 'sign out', answer: await browser.post('/sign-out', {}) },
    ]) {
      expect.soft(answer.status, about).toBe(503);
      expect.soft(answer.headers['retry-after'], about).toMatch(/^\d+$/);
      expect
        .soft(
          answer.cookies.filter((line) => line.startsWith('__Host-portal=')),
          about,
        )
        .toEqual([]);
      expect.soft(answer.body, about).toContain('Billing is closed for a moment');
    }
    for (const target of ['/api/v1/portal-sessions', '/v1/portal-sessions']) {
      const minted = await callApi(
        merchant.key,
        'POST',
        target,
        { customerId: merchant.customers[0], returnUrl },
        freshFormId(),
      );
      expect.soft(minted.status, target).toBe(503);
      expect.soft(minted.headers.get('retry-after'), target).toMatch(/^\d+$/);
      expect.soft(await minted.json(), target).toMatchObject({ data: null, error: { code: 'service_unavailable' } });
    }
    const ready = await browser.get('/readyz');
    expect
      .soft([ready.status, JSON.parse(ready.body)])
      .toEqual([503, { ready: false, reason: 'the database cannot be written' }]);
    expect.soft((await browser.get('/healthz')).status).toBe(204);
    const after = (await everyText(on)).filter((row) => !/^(meta|job_leases) /.test(row)).sort();
    expect(after).toEqual(before);
    await on.close();
  });
}
