import { expect } from '@playwright/test';
import { test } from '@/e2e/fixtures.ts';
import { findWorkspace } from '@/lib/data/workspaces.ts';
import type { WorkspaceId } from '@/lib/domain/ids.ts';

const pages = [
  '/test',
  '/test/shop',
  '/test/shop?buyer=active',
  '/test/webhooks',
  '/test/mailbox',
  '/test/mailbox/mail_1',
  '/test/mailbox/mail_1/html',
];
const acts = [
  ...['/test/sample', '/test/preview', '/test/reset', '/test/shop/manage-billing'],
  ...['/test/webhooks', '/test/webhooks/send-again', '/test/webhooks/remove'],
];

test('without test tools every address under /test answers 404', async ({ startPortal }) => {
  const { origin, operate } = await startPortal({ environment: { PORTAL_TEST_TOOLS: '0' } });
  await operate('sample', 'load');
  for (const path of pages) expect((await fetch(origin + path)).status, path).toBe(404);
  for (const path of acts) {
    const headers = { Origin: origin, 'Content-Type': 'application/x-www-form-urlencoded' };
    const answer = await fetch(origin + path, { method: 'POST', headers, body: 'buyer=active', redirect: 'manual' });
    expect(answer.status, path).toBe(404);
  }
});

test('a form of the test tools that another site sends does nothing', async ({ portal }) => {
  for (const path of acts) {
    for (const from of ['https://evil.example', 'null', undefined]) {
      const headers = {
        'Content-Type': 'application/x-www-form-urlencoded',
        ...(from === undefined ? {} : { Origin: from }),
      };
      const answer = await fetch(portal.origin + path, {
        method: 'POST',
        headers,
        body: 'buyer=active',
        redirect: 'manual',
      });
      expect(answer.status, `${path} from ${from}`).toBe(403);
    }
  }
});

test('a logo is served under its hash with the type of its bytes, and may be kept for ever', async ({
  portal,
  beside,
}) => {
  await portal.operate('sample', 'load');
  const shop = await findWorkspace(beside.read, { workspaceId: 'acc_sample_kopi_senja' as WorkspaceId, mode: 'test' });
  const answer = await fetch(portal.origin + (shop?.brand.logoPath ?? ''));
  expect(answer.status).toBe(200);
  expect(answer.headers.get('content-type')).toBe('image/png');
  expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
  expect(answer.headers.get('cache-control')).toContain('immutable');
  for (const path of ['/logo/x', `/logo/${'0'.repeat(64)}`]) {
    expect((await fetch(portal.origin + path)).status, path).toBe(404);
  }
});
