import { randomBytes } from 'node:crypto';
import { expect } from '@playwright/test';
import { test } from '@/e2e/fixtures.ts';
import { layLinks, layMerchant, openBeside } from '@/e2e/portal-data.ts';
import { cookieOf, entryForm, keepAlive, send } from '@/e2e/raw-http.ts';
import { findBrokenAuditLine } from '@/lib/data/audit-lines.ts';

const tokens = 1_000;
const racers = 8;
/** So many tokens are raced for at once. */
const inFlight = 6;

for (const engine of ['sqlite', 'postgres'] as const) {
  test(`of ${racers} browsers racing for each of ${tokens} links exactly one gets in, two servers on ${engine}`, async ({
    startPortal,
  }) => {
    test.setTimeout(480_000);
    // Racers come from addresses of their own, so that the limit on refused links is not what refuses them.
    const proxy = { PORTAL_TRUSTED_PROXIES: '127.0.0.1,::1' };
    const first = await startPortal({ engine, environment: proxy });
    const { PORTAL_KEYS = '', PORTAL_DATABASE_FILE = '', DATABASE_URL = '' } = first.environment;
    const shared = { PORTAL_KEYS, PORTAL_DATABASE_FILE, DATABASE_URL, PORTAL_ORIGIN: first.origin };
    const second = await startPortal({ environment: { ...proxy, ...shared } });
    const on = await openBeside(first.environment);
    const agent = keepAlive(inFlight * racers);
    try {
      const merchant = await layMerchant(on, 'race', 50);
      const links = await layLinks(on, merchant, tokens);
      let sent = 0;
      const race = async (token: string) =>
        Promise.all(
          Array.from({ length: racers }, async (_, racer) => {
            sent += 1;
            const address = `10.${(sent >> 16) & 255}.${(sent >> 8) & 255}.${sent & 255}`;
            const form = entryForm(first.origin, { token, nonce: randomBytes(16).toString('base64url'), address });
            return send(agent, racer % 2 === 0 ? first.origin : second.origin, form);
          }),
        );
      const waiting = [...links];
      const cookies: string[] = [];
      const wrong: string[] = [];
      await Promise.all(
        Array.from({ length: inFlight }, async () => {
          for (let link = waiting.pop(); link !== undefined; link = waiting.pop()) {
            const answers = await race(link.token);
            const statuses = answers.map((answer) => answer.status).sort();
            if (statuses.join() !== '303,410,410,410,410,410,410,410') wrong.push(statuses.join());
            for (const answer of answers) {
              const cookie = cookieOf(answer, '__Host-portal');
              if ((cookie !== null) !== (answer.status === 303)) wrong.push(`${answer.status} with cookie ${cookie}`);
              if (cookie !== null) cookies.push(cookie);
            }
          }
        }),
      );
      expect(wrong).toEqual([]);
      expect(new Set(cookies).size).toBe(tokens);

      const sessions = await on.read.selectFrom('browserSessions').select(['id', 'portalSessionId']).execute();
      expect(sessions).toHaveLength(tokens);
      const bySession = new Map(sessions.map((session) => [session.portalSessionId, session.id]));
      expect(bySession.size).toBe(tokens);
      const burned = await on.read.selectFrom('portalSessions').select(['id', 'browserSessionId']).execute();
      expect(burned.filter((link) => bySession.get(link.id) !== link.browserSessionId)).toEqual([]);

      const winners = await on.read
        .selectFrom('auditLines')
        .select(['object', 'actor'])
        .where('act', '=', 'portal_session.burned')
        .execute();
      expect(winners).toHaveLength(tokens);
      expect(winners.filter((line) => line.actor !== `viewer:${bySession.get(line.object ?? '')}`)).toEqual([]);
      expect(await findBrokenAuditLine(on.read, merchant.scope)).toBeNull();
      for (const what of ['portal_session.burned', 'browser_session.started']) {
        const events = await on.read
          .selectFrom('outbox')
          .select('aggregateId')
          .where('type', '=', `plugipay.${what}.v1`)
          .execute();
        expect(events, what).toHaveLength(tokens);
        expect(new Set(events.map((event) => event.aggregateId)).size, what).toBe(tokens);
      }
      for (const cookie of cookies.slice(0, 20)) {
        const page = await send(agent, first.origin, { target: '/', headers: { Cookie: cookie } });
        expect(page.status).toBe(200);
      }
    } finally {
      agent.destroy();
      await on.close();
    }
  });
}
