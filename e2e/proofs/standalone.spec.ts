import { cpSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from '@playwright/test';
import { test } from '@/e2e/fixtures.ts';
import { enterByHttp, openHttpBrowser } from '@/e2e/http-browser.ts';
import { mintPortalSession } from '@/e2e/merchant.ts';
import { layMerchant, openBeside, returnUrl } from '@/e2e/portal-data.ts';
import { findStandalone } from '@/scripts/build.mjs';

test('the standalone output, alone in a folder that it never writes to, serves everything and runs the jobs', async ({
  startPortal,
}) => {
  test.setTimeout(120_000);
  const built = findStandalone();
  if (built === null) throw new Error('There is no standalone output: run PORTAL_STANDALONE=1 npm run build first.');
  const output = mkdtempSync(path.join(tmpdir(), 'billing-portal-output-'));
  try {
    cpSync(built, output, { recursive: true });
    const files = listFiles(output);
    const portal = await startPortal({ output, environment: { PORTAL_TEST_TOOLS: '0', PORTAL_DRAIN_SECONDS: '0' } });
    const on = await openBeside(portal.environment);
    const merchant = await layMerchant(on, 'alone', 1);
    const customerId = merchant.customers[0] ?? '';
    // One name for each face of documents, so that a face left behind is missed.
    const name = 'Dewi ดาว देवी مريم 美玲 유나';
    const receipt = await on.read.selectFrom('receipts').select(['id', 'body']).executeTakeFirstOrThrow();
    const body = receipt.body.replaceAll('Dewi 0', name);
    expect(body).toContain(name);
    await on.write((tx) => tx.updateTable('receipts').set({ body }).where('id', '=', receipt.id).execute());

    const browser = openHttpBrowser(portal.origin);
    expect((await browser.get('/healthz')).status).toBe(204);
    expect(JSON.parse((await browser.get('/readyz')).body)).toEqual({ ready: true });
    const minted = await mintPortalSession(merchant.key, customerId, returnUrl);
    expect((await enterByHttp(browser, minted.url)).status).toBe(303);
    const overview = await browser.get('/');
    expect(overview.status).toBe(200);
    expect(overview.body).toContain('Kopi alone');

    const pdf = await browser.get(`/receipts/${receipt.id}/pdf`);
    expect(pdf.headers['content-type']).toBe('application/pdf');
    const faces = [...pdf.body.matchAll(/\/FontName \/[A-Z]{6}\+([A-Za-z]+)/g)].map((match) => match[1]);
    expect([...new Set(faces)].sort()).toEqual([
      'ChocolateClassicalSans',
      'GowunDodum',
      'Inter',
      'NotoSansArabic',
      'NotoSansDevanagari',
      'NotoSansThai',
    ]);

    const docs = await browser.get('/docs');
    const drawn = [...docs.body.matchAll(/(?:href|src)="(\/[^"]+)"/g)].map((match) => match[1] ?? '');
    expect(drawn).toContain('/docs/swagger-ui-bundle.js');
    const linked = [...overview.body.matchAll(/(?:href|src)="(\/(?:assets\/)?[a-z-]+\.[a-z]+(?:\?[^"]*)?)"/g)];
    for (const file of [...drawn, ...linked.map((match) => match[1] ?? ''), '/portal.js']) {
      const answer = await browser.get(file);
      expect.soft(answer.status, file).toBe(200);
      expect.soft(answer.body.length, file).toBeGreaterThan(0);
    }

    await on.write((tx) =>
      tx
        .updateTable('subscriptions')
        .set({ cancelAt: on.now() - 1_000 })
        .execute(),
    );
    // The lease of the run before is over when the job has run again; a start runs every job.
    await on.write((tx) => tx.deleteFrom('jobLeases').execute());
    expect(await portal.terminate(), 'it stops of its own accord').toBe(0);
    await portal.restart();
    await expect
      .poll(async () => (await on.read.selectFrom('subscriptions').select('status').execute())[0]?.status)
      .toBe('canceled');
    expect(portal.log()).not.toContain('job.failed');
    await on.close();
    expect(listFiles(output), 'nothing was written beside the code').toEqual(files);
  } finally {
    rmSync(output, { recursive: true, force: true });
  }
});

/** Every file with its size and the time it was changed. */
function listFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => {
      const { size, mtimeMs } = statSync(path.join(folder, name));
      return `${name} ${size} ${mtimeMs}`;
    })
    .sort();
}
