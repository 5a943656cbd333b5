import { changeDefault, changePayers } from '@/lib/data/change-payers.ts';
import { holdCustomer } from '@/lib/data/customers.ts';
import type { Writer } from '@/lib/data/db.ts';
import { settleForm, spendForm } from '@/lib/data/form-outcomes.ts';
import { readPayingFacts } from '@/lib/data/paying-facts.ts';
import { listWaitingAttemptsWith } from '@/lib/data/payment-attempts.ts';
import { detachPaymentMethod, findPaymentMethod, planDetachment } from '@/lib/data/payment-methods.ts';
import { causeOf, tellOfChange } from '@/lib/data/tell-of-change.ts';
import { findWorkspace } from '@/lib/data/workspaces.ts';
import type { Customer } from '@/lib/domain/customer.ts';
import type { PaymentMethodId } from '@/lib/domain/ids.ts';
import { assignPayers, judgeRemoval, type PayingFacts, type Removal } from '@/lib/domain/method-duties.ts';
import type { PaymentMethod } from '@/lib/domain/payment-method.ts';
import { fail, type Result, succeed } from '@/lib/domain/result.ts';
import { isoText } from '@/lib/domain/time.ts';
import type { Viewer } from '@/lib/domain/viewer.ts';
import { wirePaymentMethod } from '@/lib/domain/wire-payment-method.ts';
import type { Runtime } from '@/lib/runtime.ts';

type Refusals = 'not_found' | 'not_offered' | 'validation_error' | 'conflict';

/** How a method is removed: now, after something else took over, or by itself when what it pays has ended. */
export type RemovalWay =
  | { readonly is: 'now' }
  | { readonly is: 'replaced'; readonly by: PaymentMethodId }
  | { readonly is: 'at_end' };

/**
 * Removes a method, by the same judgement as its page. A running subscription never loses the method it is charged on.
 * Sending it again answers the same. Failures: `not_found`, `not_offered` (switched off, or the merchant holds what it
 * pays), `validation_error` field `by`, `conflict` with facts.why: `needed`, `on_its_way`, or `changed` (another case
 * than the page showed).
 */
export async function removePaymentMethod(
  on: Runtime,
  viewer: Viewer,
  input: { readonly formId: string; readonly methodId: PaymentMethodId; readonly way: RemovalWay },
): Promise<Result<'removed' | 'planned', Refusals>> {
  return on.write(async (tx) => {
    const customer = await holdCustomer(tx, viewer);
    const workspace = await findWorkspace(tx, viewer);
    const method = await findPaymentMethod(tx, viewer, input.methodId);
    if (customer === null || workspace === null || method === null) return fail('not_found', 'No such method.');
    const spent = await spendForm(tx, viewer, input.formId, 'remove_method', on.now());
    if (spent !== null) return succeed(spent.code === 'removal_planned' ? 'planned' : 'removed');
    if (!workspace.configuration.paymentMethods.remove) return fail('not_offered', 'Removing is not offered here.');
    const facts = await readPayingFacts(tx, viewer, customer, workspace);
    const waiting = await listWaitingAttemptsWith(tx, viewer, method.id);
    const removal = judgeRemoval(method, facts, waiting.length > 0, viewer.now);
    const step = { on, tx, viewer, customer, facts, method, formId: input.formId };
    return carryOut(step, removal, input.way);
  });
}

type Step = {
  readonly on: Runtime;
  readonly tx: Writer;
  readonly viewer: Viewer;
  readonly customer: Customer;
  readonly facts: PayingFacts;
  readonly method: PaymentMethod;
  readonly formId: string;
};

async function carryOut(
  step: Step,
  removal: Removal,
  way: RemovalWay,
): Promise<Result<'removed' | 'planned', Refusals>> {
  switch (removal.is) {
    case 'gone':
      return finish(step, 'removed');
    case 'leaving':
      return way.is === 'at_end' ? finish(step, 'planned') : changed();
    case 'on_its_way':
      return fail('conflict', 'A payment with it is on its way.', { facts: { why: 'on_its_way' } });
    case 'held':
      return fail('not_offered', 'The merchant changes the method of what it pays.');
    case 'unused':
      return way.is === 'at_end' ? changed() : detach(step, null);
    case 'replaceable': {
      if (way.is !== 'replaced') return needed();
      const by = removal.others.find((one) => one.id === way.by);
      return by === undefined
        ? fail('validation_error', 'Choose what pays instead.', { field: 'by' })
        : detach(step, by);
    }
    case 'needed':
      return way.is === 'at_end' && removal.endsAt !== null ? planEnd(step, removal.endsAt) : needed();
  }
}

const needed = () => fail('conflict', 'A subscription is charged on it.', { facts: { why: 'needed' } });
const changed = () => fail('conflict', 'It is not as the page showed it.', { facts: { why: 'changed' } });

/** Moves what it pays to `by`, the default too, and removes it. */
async function detach(step: Step, by: PaymentMethod | null): Promise<Result<'removed', Refusals>> {
  const { on, tx, viewer, customer, facts, method } = step;
  const now = on.now();
  const cause = causeOf(viewer);
  const isDefault = customer.defaultPaymentMethodId === method.id;
  if (by !== null) {
    const moving = facts.subscriptions
      .map(({ subscription }) => subscription)
      .filter((one) => one.endedAt === null && one.defaultPaymentMethodId === method.id)
      .map((one) => [one.id, by.id] as const);
    const sliding = assignPayers(
      facts,
      by.id,
      new Set(),
      isDefault ? by.id : customer.defaultPaymentMethodId,
      viewer.now,
    );
    const assigned = new Map([...sliding].map(([id, payer]) => [id, payer === method.id ? by.id : payer] as const));
    for (const [id, payer] of moving) assigned.set(id, payer);
    await changePayers(tx, viewer, assigned, cause, now, on.random);
  }
  const after = isDefault ? await changeDefault(tx, customer, by?.id ?? null, cause, now, on.random) : customer;
  const gone = await detachPaymentMethod(tx, viewer, method.id, viewer.now, now);
  if (gone !== null) {
    const object = wirePaymentMethod(gone, after, viewer.now);
    const event = { what: 'payment_method.detached', of: 'payment_method', object };
    await tellOfChange(tx, viewer, cause, { act: 'payment_method.detached', object: gone.id, event }, now, on.random);
  }
  return finish(step, 'removed');
}

async function planEnd(step: Step, endsAt: number): Promise<Result<'planned', Refusals>> {
  const { on, tx, viewer, customer, method } = step;
  const now = on.now();
  const planned = await planDetachment(tx, viewer, method.id, endsAt, now);
  if (planned !== null) {
    const object = wirePaymentMethod(planned, customer, viewer.now);
    const event = {
      what: 'payment_method.detach_scheduled',
      of: 'payment_method',
      object,
      extras: { detachAt: isoText(endsAt) },
    };
    const change = { act: 'payment_method.detach_scheduled', object: method.id, detail: { detachAt: endsAt }, event };
    await tellOfChange(tx, viewer, causeOf(viewer), change, now, on.random);
  }
  return finish(step, 'planned');
}

async function finish<T extends 'removed' | 'planned'>(step: Step, what: T) {
  const code = what === 'planned' ? 'removal_planned' : 'removed';
  await settleForm(step.tx, step.viewer, step.formId, { code, facts: { method: step.method.id } });
  return succeed(what);
}
