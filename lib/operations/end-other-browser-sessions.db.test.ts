import { afterAll, beforeAll, expect, it } from 'vitest';
import { listBrowserSessions } from '@/lib/data/browser-sessions.ts';
import { aCustomer, aLink, aViewer, aWorkspace } from '@/lib/data/testing/builders.ts';
import type { TestRuntime } from '@/lib/data/testing/test-runtime.ts';
import { openTestRuntime } from '@/lib/data/testing/test-runtime.ts';
import type { CustomerId, WorkspaceId } from '@/lib/domain/ids.ts';
import type { Viewer } from '@/lib/domain/viewer.ts';
import { burnPortalLink } from './burn-portal-link.ts';
import { endOtherBrowserSessions } from './end-other-browser-sessions.ts';

let test: TestRuntime;
beforeAll(async () => {
  test = await openTestRuntime();
});
afterAll(() => test.close());

async function enter(workspaceId: WorkspaceId, customerId: CustomerId) {
  const { token } = await aLink(test.runtime, workspaceId, customerId);
  const burn = {
    token,
    nonce: token,
    formerSecret: null,
    maySwitch: false,
    arrival: 'cold',
    agent: 'Firefox|Linux',
  } as const;
  const burned = await burnPortalLink(test.runtime, { ...burn, binding: 'none' });
  if (!burned.ok) throw new Error(burned.failure.code);
  return aViewer(test.runtime, burned.value.session);
}

const open = async (viewer: Viewer): Promise<string[]> =>
  (await listBrowserSessions(test.runtime.read, viewer, 0)).filter((one) => one.endedAt === null).map(({ id }) => id);

const endings = async (workspaceId: WorkspaceId): Promise<string[]> => {
  const query = test.runtime.read.selectFrom('outbox').select('aggregateId').where('workspaceId', '=', workspaceId);
  const rows = await query.where('type', '=', 'plugipay.browser_session.ended.v1').execute();
  return rows.map(({ aggregateId }) => aggregateId).sort();
};

it('all other sessions end, once, with an event each; this one and those of others go on', async () => {
  const workspaceId = await aWorkspace(test.runtime);
  const dewi = await aCustomer(test.runtime, workspaceId);
  const [here, phone, office] = [
    await enter(workspaceId, dewi),
    await enter(workspaceId, dewi),
    await enter(workspaceId, dewi),
  ];
  const stranger = await enter(workspaceId, await aCustomer(test.runtime, workspaceId));
  const input = { formId: 'form-0000000000000001', only: null };
  const counts = await Promise.all([1, 2, 3].map(() => endOtherBrowserSessions(test.runtime, here, input)));
  expect(counts).toEqual([2, 2, 2]);
  expect(await open(here)).toEqual([here.browserSessionId]);
  expect(await open(stranger)).toEqual([stranger.browserSessionId]);
  expect(await endings(workspaceId)).toEqual([phone.browserSessionId, office.browserSessionId].sort());
});

it('one named session ends; a stranger’s, an unknown one and this one do not', async () => {
  const workspaceId = await aWorkspace(test.runtime);
  const dewi = await aCustomer(test.runtime, workspaceId);
  const [here, phone, office] = [
    await enter(workspaceId, dewi),
    await enter(workspaceId, dewi),
    await enter(workspaceId, dewi),
  ];
  const stranger = await enter(workspaceId, await aCustomer(test.runtime, workspaceId));
  let form = 0;
  const end = (only: Viewer['browserSessionId']) => {
    form += 1;
    return endOtherBrowserSessions(test.runtime, here, { formId: `form-000000000000010${form}`, only });
  };
  expect(await end(stranger.browserSessionId)).toBe(0);
  expect(await end(here.browserSessionId)).toBe(0);
  expect(await end(phone.browserSessionId)).toBe(1);
  expect(await end(phone.browserSessionId)).toBe(0);
  expect((await open(here)).sort()).toEqual([here.browserSessionId, office.browserSessionId].sort());
  expect(await open(stranger)).toEqual([stranger.browserSessionId]);
});
