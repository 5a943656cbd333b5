import { expect, it } from 'vitest';
import type { BillingEvent, EventId } from '@/lib/domain/event.ts';
import { webhookBody } from '@/lib/domain/event.ts';
import type { WorkspaceId } from '@/lib/domain/ids.ts';
import { signWebhook } from './webhook-signature.ts';

const id = 'sub_01KGBNQ1G0E55KRZP28K05WEKM';
const renewed: BillingEvent = {
  id: 'evt_01KJKRVAC8RXBY9CE13T6P49VW' as EventId,
  workspaceId: 'acc_01KE5Y3X80WKXW25N30HHQ91MC' as WorkspaceId,
  mode: 'test',
  type: 'plugipay.subscription.renewed.v1',
  aggregateType: 'subscription',
  aggregateId: id,
  sequence: 1,
  data: {
    object: { id, currentPeriodStart: '2026-03-01T04:00:00.000Z', currentPeriodEnd: '2026-04-01T04:00:00.000Z' },
    aggregateType: 'subscription',
    aggregateId: id,
  },
  metadata: { idempotencyKey: null, mode: 'test', requestId: null, source: 'job', replayOf: null },
  occurredAt: Date.UTC(2026, 2, 1, 4, 0, 5),
  publishedAt: null,
};

it('body and signature are those of the worked example of the wire reference', () => {
  const body = webhookBody(renewed);
  expect(Buffer.byteLength(body)).toBe(482);
  expect(signWebhook('whsec_example', 1_772_337_606, body)).toBe(
    't=1772337606,v1=63fcf43da2f80396458dd40679ee5b4e8c876c4367417080ed52c486acfbb909',
  );
});

it('a signature has one v1 and differs with time, secret and body', () => {
  const all = [
    signWebhook('whsec_a', 1, 'x'),
    signWebhook('whsec_a', 2, 'x'),
    signWebhook('whsec_b', 1, 'x'),
    signWebhook('whsec_a', 1, 'xé'),
  ];
  expect(new Set(all.map((one) => one.split('v1=')[1])).size).toBe(4);
  expect(all.every((one) => /^t=\d,v1=[0-9a-f]{64}$/.test(one))).toBe(true);
});
