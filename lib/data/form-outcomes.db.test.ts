import { expect, it } from 'vitest';
import type { BrowserSession } from '@/lib/domain/browser-session.ts';
import { burnPortalLink } from '@/lib/operations/burn-portal-link.ts';
import { findFormOutcome, isFormMisused, settleForm, spendForm } from './form-outcomes.ts';
import { aCustomer, aLink, aViewer, aWorkspace } from './testing/builders.ts';
import { openTestRuntime, testNow } from './testing/test-runtime.ts';

const id = 'form-id-of-this-test';

it('a form id is spent once, answers what it answered, belongs to its session, and serves no other act', async () => {
  const { runtime: on } = await openTestRuntime();
  const workspace = await aWorkspace(on);
  const enter = async (): Promise<BrowserSession> => {
    const { token } = await aLink(on, workspace, await aCustomer(on, workspace));
    const nonce = 'nonce-of-this-browser';
    const burn = {
      token,
      nonce,
      formerSecret: null,
      maySwitch: false,
      arrival: 'warm',
      agent: '|',
      binding: 'none',
    } as const;
    const burned = await burnPortalLink(on, burn);
    if (!burned.ok) throw new Error(burned.failure.message);
    return burned.value.session;
  };
  const [mine, other] = [aViewer(on, await enter()), aViewer(on, await enter())];
  const outcome = { code: 'cancelled', facts: { plan: 'pln_1' } };
  expect(await on.write((tx) => spendForm(tx, mine, id, 'cancel', testNow))).toBeNull();
  await on.write((tx) => settleForm(tx, mine, id, outcome));
  expect(await on.write((tx) => spendForm(tx, mine, id, 'cancel', testNow))).toEqual(outcome);
  expect(await findFormOutcome(on.read, other, id)).toBeNull();
  expect(await on.write((tx) => spendForm(tx, other, id, 'cancel', testNow))).toBeNull();
  const misused = await on.write((tx) => spendForm(tx, mine, id, 'make_default', testNow)).catch(isFormMisused);
  expect(misused).toBe(true);
});
