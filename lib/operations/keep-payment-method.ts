import { settleForm, spendForm } from '@/lib/data/form-outcomes.ts';
import { findPaymentMethod, planDetachment } from '@/lib/data/payment-methods.ts';
import { causeOf, tellOfChange } from '@/lib/data/tell-of-change.ts';
import type { PaymentMethodId } from '@/lib/domain/ids.ts';
import { fail, type Result, succeed } from '@/lib/domain/result.ts';
import type { Viewer } from '@/lib/domain/viewer.ts';
import type { Runtime } from '@/lib/runtime.ts';

/** Keeps a method that was going to remove itself. Failures: `not_found`, `conflict` (it has gone already). */
export async function keepPaymentMethod(
  on: Runtime,
  viewer: Viewer,
  input: { readonly formId: string; readonly methodId: PaymentMethodId },
): Promise<Result<'kept', 'not_found' | 'conflict'>> {
  return on.write(async (tx) => {
    const now = on.now();
    const method = await findPaymentMethod(tx, viewer, input.methodId);
    if (method === null) return fail('not_found', 'No such method.');
    if ((await spendForm(tx, viewer, input.formId, 'keep_method', now)) !== null) return succeed('kept');
    const kept = await planDetachment(tx, viewer, method.id, null, now);
    if (kept === null && method.status === 'detached') return fail('conflict', 'It has gone already.');
    if (kept !== null) {
      const change = { act: 'payment_method.detach_undone', object: method.id };
      await tellOfChange(tx, viewer, causeOf(viewer), change, now, on.random);
    }
    await settleForm(tx, viewer, input.formId, { code: 'kept', facts: { method: method.id } });
    return succeed('kept');
  });
}
