import type {
  BillingRecord,
  InvoiceRecord,
  PaymentMethodRecord,
  PriceRecord,
  RecordProblem,
  SubscriptionRecord,
} from './billing-record.ts';
import { findCardNumbers } from './card-number-fields.ts';
import { checkPriceAmounts } from './price-amounts.ts';

/** Everything wrong with one record as it stands by itself: sums, states and dates that belong together, card numbers. */
export function checkBillingRecord(record: BillingRecord): RecordProblem[] {
  return [...findCardNumbers(record), ...checkByNoun(record)];
}

function checkByNoun(record: BillingRecord): RecordProblem[] {
  switch (record.object) {
    case 'invoice':
      return checkInvoice(record);
    case 'subscription':
      return checkSubscription(record);
    case 'payment_method':
      return checkMethod(record);
    case 'price':
      return problemsOfPrice(record, '');
    case 'plan':
      return record.prices.flatMap((price, at) => [
        ...problemsOfPrice(price, `prices[${at}].`),
        ...(price.planId === record.id ? [] : [no(`prices[${at}].planId`, 'must be the id of the plan it stands in')]),
      ]);
    case 'refund':
      return record.amount > 0 ? [] : [no('amount', 'must be more than 0')];
    default:
      return [];
  }
}

function checkInvoice(record: InvoiceRecord): RecordProblem[] {
  const problems: RecordProblem[] = [];
  const { subtotal, discount, tax, total, amountPaid, amountDue, status } = record;
  const sum = record.lines.reduce((all, line) => all + line.amount, 0);
  if (sum !== subtotal) problems.push(no('subtotal', `the lines sum to ${sum}, not to ${subtotal}`));
  if (total !== subtotal - discount + tax) {
    problems.push(no('total', `subtotal - discount + tax is ${subtotal - discount + tax}, not ${total}`));
  }
  if (amountPaid > total) problems.push(no('amountPaid', `is more than the total of ${total}`));
  const isOver = status === 'void' || status === 'uncollectible' || status === 'draft';
  if (amountDue !== null && amountDue !== total - amountPaid && !(isOver && amountDue === 0)) {
    problems.push(no('amountDue', `total - amountPaid is ${total - amountPaid}, not ${amountDue}`));
  }
  if (status === 'paid' && amountPaid !== total) problems.push(no('amountPaid', 'a paid invoice is paid in full'));
  if ((status === 'open' || status === 'past_due') && total > 0 && amountPaid >= total) {
    problems.push(no('status', 'an invoice paid in full is "paid"'));
  }
  const needed = [
    ['issuedAt', status !== 'draft' && record.issuedAt === null],
    ['paidAt', status === 'paid' && record.paidAt === null],
    ['voidedAt', status === 'void' && record.voidedAt === null],
    ['dueAt', status === 'past_due' && record.dueAt === null],
  ] as const;
  for (const [field, missing] of needed)
    if (missing) problems.push(no(field, `is needed when the status is "${status}"`));
  if (record.paidAt !== null && status !== 'paid') problems.push(no('paidAt', 'only a paid invoice has it'));
  if (record.voidedAt !== null && status !== 'void') problems.push(no('voidedAt', 'only a void invoice has it'));
  for (const [at, attempt] of record.attempts.entries()) {
    if (attempt.status === 'succeeded' && attempt.reason !== null) {
      problems.push(no(`attempts[${at}].reason`, 'an attempt that succeeded has none'));
    }
    if (attempt.paymentTokenId === null && attempt.method === null) {
      problems.push(no(`attempts[${at}].method`, 'name the method, or give paymentTokenId'));
    }
  }
  return problems;
}

function checkSubscription(record: SubscriptionRecord): RecordProblem[] {
  const problems: RecordProblem[] = [];
  const { status } = record;
  if (record.currentPeriodEnd <= record.currentPeriodStart) {
    problems.push(no('currentPeriodEnd', 'must come after currentPeriodStart'));
  }
  if (status === 'trialing' && record.trialEnd === null) problems.push(no('trialEnd', 'is needed while it is a trial'));
  if (status === 'paused' && record.pausedAt === null) problems.push(no('pausedAt', 'is needed while it is paused'));
  if (status !== 'paused' && record.pausedAt !== null)
    problems.push(no('pausedAt', 'only a paused subscription has it'));
  if (status === 'canceled' && record.canceledAt === null)
    problems.push(no('canceledAt', 'is needed once it is canceled'));
  if (status === 'canceled' && record.canceledReason === null) {
    problems.push(no('canceledReason', 'is needed once it is canceled'));
  }
  if (status !== 'canceled' && record.endedAt !== null)
    problems.push(no('endedAt', 'only a canceled subscription has it'));
  if (status !== 'canceled' && record.cancelAt === null && record.canceledAt !== null) {
    problems.push(no('canceledAt', 'a subscription that runs on has it only beside cancelAt'));
  }
  return problems;
}

function checkMethod(record: PaymentMethodRecord): RecordProblem[] {
  const problems: RecordProblem[] = [];
  if ((record.expMonth === null) !== (record.expYear === null)) {
    problems.push(no('expYear', 'expMonth and expYear come together'));
  }
  if (record.type === 'card' && record.last4 === null) problems.push(no('last4', 'is needed for a card'));
  if (record.type !== 'card' && record.last4 !== null) problems.push(no('last4', 'only a card has it; use label'));
  if ((record.status === 'detached') !== (record.detachedAt !== null)) {
    problems.push(no('detachedAt', 'comes with the status "detached", and only with it'));
  }
  if (record.isDefault && record.status === 'detached')
    problems.push(no('isDefault', 'a detached method pays nothing'));
  return problems;
}

function problemsOfPrice(record: PriceRecord, prefix: string): RecordProblem[] {
  const problem = checkPriceAmounts(record);
  return problem === null ? [] : [no(prefix + problem.field, problem.reason)];
}

function no(field: string, reason: string): RecordProblem {
  return { field, reason };
}
