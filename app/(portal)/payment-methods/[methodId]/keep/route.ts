import { portalAct, seeDone } from '@/app/(portal)/_page/portal-page.tsx';
import { answerTrouble } from '@/app/(portal)/_page/trouble.tsx';
import { readId } from '@/lib/domain/ids.ts';
import { keepPaymentMethod } from '@/lib/operations/keep-payment-method.ts';

/** Keeps a method that was going to remove itself. */
export const POST = portalAct({ sensitive: false, again: () => '/payment-methods' }, async (act) => {
  const methodId = readId<'paymentMethod'>(act.params.methodId);
  if (methodId === null) return answerTrouble(act, { code: 'not_found', message: 'No such method.' });
  const kept = await keepPaymentMethod(act.on, act.viewer, { formId: act.id, methodId });
  return kept.ok ? seeDone(act, '/payment-methods') : answerTrouble(act, kept.failure);
});
