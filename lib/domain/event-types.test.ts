import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { publishedEventTypes, readEventType, readWantedEvents, wantsEvent } from './event-types.ts';

it('33 types are published, each by one name', () => {
  expect(publishedEventTypes).toHaveLength(33);
  expect(new Set(publishedEventTypes).size).toBe(33);
  expect(publishedEventTypes.every((type) => /^plugipay\.[a-z_]+\.[a-z_]+\.v1$/.test(type))).toBe(true);
});

it.each([
  ['plugipay.invoice.paid.v1', 'plugipay.invoice.paid.v1'],
  ['invoice.paid', 'plugipay.invoice.paid.v1'],
  ['invoice.payment_failed', 'plugipay.invoice.failed.v1'],
  ['subscription.cancelled', 'plugipay.subscription.canceled.v1'],
  ['refund.succeeded', 'plugipay.refund.issued.v1'],
  ['payout.cancelled', 'plugipay.payout.cancelled.v1'],
  ['payment_method.attached', 'plugipay.payment_method.attached.v1'],
  ['plugipay.invoice.paid.v2', null],
  ['payout.canceled', null],
  ['invoice.*', null],
  ['constructor', null],
  ['', null],
])('the name %s is read as %s', (name, type) => {
  expect(readEventType(name)).toBe(type);
});

it('a list of an endpoint holds each type once, in one order; beside * only extension types', () => {
  expect(readWantedEvents(['refund.succeeded', 'invoice.paid', 'refund.issued'])).toEqual({
    ok: true,
    wanted: ['plugipay.invoice.paid.v1', 'plugipay.refund.issued.v1'],
  });
  expect(readWantedEvents(['payment_method.attached', 'invoice.paid', '*'])).toEqual({
    ok: true,
    wanted: ['*', 'plugipay.payment_method.attached.v1'],
  });
  expect(readWantedEvents(['invoice.paid', 'invoice.pied'])).toEqual({ ok: false, unknown: 'invoice.pied' });
});

it('extension types go only to endpoints that name them', () => {
  const attached = 'plugipay.payment_method.attached.v1';
  expect(wantsEvent(['*'], attached)).toBe(false);
  expect(wantsEvent(['*', attached], attached)).toBe(true);
  expect(wantsEvent(['*'], 'plugipay.invoice.paid.v1')).toBe(true);
  expect(wantsEvent(['plugipay.invoice.paid.v1'], 'plugipay.plan.created.v1')).toBe(false);
});

it('every event the product raises has a name that an endpoint can ask for', () => {
  const folders = ['lib/operations', 'lib/data'];
  const raised = folders.flatMap((folder) =>
    readdirSync(folder)
      .filter((name) => name.endsWith('.ts') && !name.includes('.test.'))
      .flatMap((name) => [...readFileSync(join(folder, name), 'utf8').matchAll(/\bwhat: '([^']+)'/g)])
      .map((match) => match[1] ?? ''),
  );
  expect(raised.length).toBeGreaterThan(20);
  expect(raised.filter((what) => readEventType(what) !== `plugipay.${what}.v1`)).toEqual([]);
});
