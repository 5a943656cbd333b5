import { describe, expect, it } from 'vitest';
import type { PortalSessionId, SubscriptionId } from './ids.ts';
import type { PortalFlow } from './portal-flow.ts';
import { addResult, resultOf } from './portal-result.ts';

const now = Date.UTC(2027, 4, 13, 3, 4, 5);
const cancel: PortalFlow = { type: 'subscription_cancel', subscriptionId: 'sub_1' as SubscriptionId, message: null };
const session = (flow: PortalFlow | null) => ({ portalSessionId: 'pls_1' as PortalSessionId, flow });
const cancelled = { act: 'subscription.cancel_scheduled', object: 'sub_1' };

describe('the result of a session', () => {
  it('names what changed and nothing of the buyer', () => {
    const acts = [{ act: 'browser_session.ended', object: 'bs_2' }, cancelled];
    expect(resultOf(session(cancel), acts, false, now)).toEqual({
      v: 1,
      ses: 'pls_1',
      flow: 'subscription_cancel',
      outcome: 'completed',
      changed: [{ id: 'sub_1', what: 'cancel_scheduled' }],
      at: '2027-05-13T03:04:05.000Z',
    });
  });

  it.each([
    ['nothing was done, no flow', null, [], false, 'unchanged'],
    ['something was done, no flow', null, [cancelled], false, 'completed'],
    ['left before the end of its flow', cancel, [], false, 'abandoned'],
    [
      'something else was done than the flow is for',
      cancel,
      [{ act: 'invoice.paid', object: 'inv_1' }],
      false,
      'unchanged',
    ],
    ['a flow of reading was opened', { ...cancel, type: 'subscription' } as const, [], false, 'completed'],
    ['the session closed first', cancel, [cancelled], true, 'expired'],
  ] as const)('%s', (_case, flow, acts, isOver, outcome) => {
    expect(resultOf(session(flow), acts, isOver, now).outcome).toBe(outcome);
  });

  it('holds the newest 20 changes', () => {
    const acts = Array.from({ length: 30 }, (_, at) => ({ act: 'invoice.paid', object: `inv_${at}` }));
    const { changed } = resultOf(session(null), acts, false, now);
    expect(changed).toHaveLength(20);
    expect(changed.at(-1)?.id).toBe('inv_29');
  });
});

it.each([
  ['https://shop.example.com/account', 'https://shop.example.com/account?portal_result=R'],
  ['https://shop.example.com/?a=1%20b&c=d+e#part', 'https://shop.example.com/?a=1%20b&c=d+e&portal_result=R#part'],
  ['https://shop.example.com/?portal_result=old&a=1', 'https://shop.example.com/?a=1&portal_result=R'],
  ['https://shop.example.com/?my_portal_result=1', 'https://shop.example.com/?my_portal_result=1&portal_result=R'],
])('%s keeps everything of its own', (address, wanted) => {
  expect(addResult(address, 'R')).toBe(wanted);
});
