import { expect, it } from 'vitest';
import { checkBillingRecord } from '@/lib/domain/check-billing-record.ts';
import { invoiceStatus } from '@/lib/domain/invoice.ts';
import { isExpired, methodEndsAt } from '@/lib/domain/payment-method.ts';
import { dayMs } from '@/lib/domain/time.ts';
import { drawLogo } from './draw-logo.ts';
import { findSampleBuyer, sampleBuyers } from './sample-buyers.ts';

it('sample data is sound on any day of the year, and the same for the same moment', () => {
  for (let day = 0; day < 400; day += 1) {
    const now = Date.UTC(2027, 0, 1, day % 24, 7) + day * dayMs;
    for (const buyer of sampleBuyers) {
      const records = buyer.build(now);
      expect(records.flatMap(checkBillingRecord), `${buyer.slug} ${day}`).toEqual([]);
      const methods = records.filter((record) => record.object === 'payment_method');
      for (const method of methods) expect(isExpired(method, now), `${buyer.slug} ${day}`).toBe(false);
    }
  }
  expect(findSampleBuyer('three')?.build(Date.UTC(2026, 2, 3, 8))).toEqual(
    findSampleBuyer('three')?.build(Date.UTC(2026, 2, 3, 8)),
  );
});

it('the past-due buyer owes an overdue invoice, and their card ends before it is paid for again', () => {
  let early = 0;
  for (let day = 0; day < 366; day += 1) {
    const now = Date.UTC(2027, 0, 1, 9) + day * dayMs;
    const records = findSampleBuyer('past-due')?.build(now) ?? [];
    const open = records.find((record) => record.object === 'invoice' && record.status === 'open');
    expect(open?.object === 'invoice' && invoiceStatus({ ...open, status: 'open' }, now)).toBe('past_due');
    const subscription = records.find((record) => record.object === 'subscription');
    const method = records.find((record) => record.object === 'payment_method');
    if (subscription?.object !== 'subscription' || method?.object !== 'payment_method') throw new Error('It has both.');
    if ((methodEndsAt(method) ?? 0) <= subscription.currentPeriodEnd) early += 1;
  }
  // In the first days of a month no month ends between today and the next payment.
  expect(early).toBeGreaterThan(300);
});

it('the logo is the same PNG each time', () => {
  const logo = drawLogo();
  expect(Buffer.from(logo.subarray(1, 4)).toString()).toBe('PNG');
  expect(logo.length).toBeLessThan(8_000);
  expect(drawLogo()).toEqual(logo);
});
