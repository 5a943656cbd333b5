import { fingerprintHash, referenceHashes, sealProviderReference } from '@/lib/crypto/provider-reference.ts';
import { changeDefault } from '@/lib/data/change-payers.ts';
import { findCustomer, holdCustomer } from '@/lib/data/customers.ts';
import type { Reader, Writer } from '@/lib/data/db.ts';
import { findByFingerprint, findHolder, insertPaymentMethod } from '@/lib/data/payment-methods.ts';
import { causeOfMerchant, tellOfChange } from '@/lib/data/tell-of-change.ts';
import type { Customer } from '@/lib/domain/customer.ts';
import { billingNow } from '@/lib/domain/customer.ts';
import { newId, type PaymentMethodId } from '@/lib/domain/ids.ts';
import type { MerchantAct } from '@/lib/domain/merchant-act.ts';
import type { PaymentMethod } from '@/lib/domain/payment-method.ts';
import type { Result } from '@/lib/domain/result.ts';
import { fail, succeed } from '@/lib/domain/result.ts';
import type { CustomerScope } from '@/lib/domain/viewer.ts';
import { wirePaymentMethod } from '@/lib/domain/wire-payment-method.ts';
import type { ReportedMethod } from '@/lib/providers/provider.ts';
import type { Runtime } from '@/lib/runtime.ts';

/** A saved method that is moved in. Where the provider says more of it, its word counts. */
export type AttachOrder = Pick<
  PaymentMethod,
  'type' | 'adapter' | 'brand' | 'last4' | 'expMonth' | 'expYear' | 'label' | 'metadata'
> & {
  /** The provider's own reference. Stored encrypted, never given out. */
  readonly providerToken: string;
  readonly makeDefault: boolean;
};

/** A method with the customer it belongs to: what its wire form needs. */
export type HeldMethod = { readonly method: PaymentMethod; readonly customer: Customer };

/**
 * Attaches a method that exists at a provider to a customer. The provider is asked before anything is written. Fails with
 * `not_found` (customer), `validation_error` for an adapter that is not deployed or details that do not fit the type,
 * `conflict` when the reference, or the same card under another one, is held already, `provider_refused` when the
 * provider does not know it, `upstream_error`.
 */
export async function attachPaymentMethod(
  on: Runtime,
  scope: CustomerScope,
  by: MerchantAct,
  order: AttachOrder,
): Promise<Result<HeldMethod>> {
  const asked = await ask(on, scope, order);
  return asked.ok ? on.write((tx) => attach(on, tx, scope, by, order, asked.value)) : asked;
}

async function ask(on: Runtime, scope: CustomerScope, order: AttachOrder): Promise<Result<ReportedMethod>> {
  const provider = on.providers.byAdapter(order.adapter);
  if (provider === null || !on.providers.reach(scope.mode).chargeable.has(order.adapter)) {
    const message = `adapter must be one of this deployment: ${[...on.providers.reach(scope.mode).chargeable].join(', ') || 'there is none in this mode'}.`;
    return fail('validation_error', message, { field: 'adapter' });
  }
  if ((await findCustomer(on.read, scope)) === null) return unknownCustomer;
  const held = await findHeld(on, on.read, scope, order);
  if (held !== null) return held;
  const answer = await provider.askMethod(order.providerToken, scope.customerId);
  if (!answer.ok) return answer;
  return answer.value === null
    ? fail('provider_refused', 'The provider does not know this token for this customer.', { field: 'providerToken' })
    : succeed(answer.value);
}

const unknownCustomer = fail('not_found', 'There is no such customer.', { field: 'customerId' });

async function findHeld(on: Runtime, read: Reader, scope: CustomerScope, order: AttachOrder) {
  const hashes = referenceHashes(on.config.rootKeys, order.providerToken);
  const holder = await findHolder(read, scope, order.adapter, hashes);
  if (holder === null) return null;
  return holder.customerId === scope.customerId
    ? hasAlready(holder.id)
    : fail('conflict', 'Another customer holds this method.', { field: 'providerToken' });
}

const hasAlready = (paymentMethodId: PaymentMethodId) =>
  fail('conflict', 'This customer has this method already.', { field: 'providerToken', details: { paymentMethodId } });

function hashOf(scope: CustomerScope, { adapter }: AttachOrder, { fingerprint }: ReportedMethod): string | null {
  return fingerprint === null ? null : fingerprintHash(scope, adapter, fingerprint);
}

async function attach(
  on: Runtime,
  tx: Writer,
  scope: CustomerScope,
  by: MerchantAct,
  order: AttachOrder,
  reported: ReportedMethod,
): Promise<Result<HeldMethod>> {
  const customer = await holdCustomer(tx, scope);
  if (customer === null) return unknownCustomer;
  const held = await findHeld(on, tx, scope, order);
  if (held !== null) return held;
  const fingerprinted = hashOf(scope, order, reported);
  const same = fingerprinted === null ? null : await findByFingerprint(tx, scope, order.adapter, fingerprinted);
  if (same !== null) return hasAlready(same.method.id);
  const made = await makeMethod(on, tx, scope, order, reported);
  if (!made.ok) return made;
  const method = made.value;
  const cause = causeOfMerchant(by);
  const now = on.now();
  const after = order.makeDefault ? await changeDefault(tx, customer, method.id, cause, now, on.random) : customer;
  const object = wirePaymentMethod(method, after, billingNow(after, now));
  const event = { what: 'payment_method.attached', of: 'payment_method', object, extras: { subscriptionIds: [] } };
  await tellOfChange(tx, scope, cause, { act: 'payment_method.attached', object: method.id, event }, now, on.random);
  return succeed({ method, customer: after });
}

async function makeMethod(
  on: Runtime,
  tx: Writer,
  scope: CustomerScope,
  order: AttachOrder,
  reported: ReportedMethod,
): Promise<Result<PaymentMethod>> {
  const now = on.now();
  if (reported.brand !== null && reported.type !== order.type) {
    return fail('validation_error', `type must be ${reported.type}: so the provider knows it.`, { field: 'type' });
  }
  const last4 = reported.last4 ?? order.last4;
  if (order.type === 'card' && last4 === null) {
    return fail('validation_error', 'last4 is needed for a card.', { field: 'last4' });
  }
  if (order.type !== 'card' && last4 !== null) {
    return fail('validation_error', 'last4: only a card has it; use label.', { field: 'last4' });
  }
  const id = newId('paymentMethod', now, on.random);
  const method = await insertPaymentMethod(
    tx,
    {
      workspaceId: scope.workspaceId,
      mode: scope.mode,
      customerId: scope.customerId,
      id,
      type: order.type,
      adapter: order.adapter,
      brand: reported.brand ?? order.brand,
      last4,
      expMonth: reported.expMonth ?? order.expMonth,
      expYear: reported.expYear ?? order.expYear,
      label: reported.label ?? order.label,
      metadata: order.metadata,
      status: 'active',
      detachAt: null,
      detachedAt: null,
      createdAt: now,
      updatedAt: now,
    },
    sealProviderReference(on.config.rootKeys, id, order.providerToken, on.random),
    hashOf(scope, order, reported),
  );
  return method === null
    ? fail('conflict', 'Another customer holds this method.', { field: 'providerToken' })
    : succeed(method);
}
