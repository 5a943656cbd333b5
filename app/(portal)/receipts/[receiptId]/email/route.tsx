import { portalAct, portalPage, seeDone } from '@/app/(portal)/_page/portal-page.tsx';
import { answerTrouble } from '@/app/(portal)/_page/trouble.tsx';
import { drawReceipt } from '@/app/(portal)/receipts/[receiptId]/_components/receipt-page.tsx';
import { findReceipt } from '@/lib/data/receipts.ts';
import { readId } from '@/lib/domain/ids.ts';
import { answerSeeOther } from '@/lib/html/answer.ts';
import { readLocale } from '@/lib/i18n/locale.ts';
import { emailReceipt } from '@/lib/operations/email-receipt.ts';

/** Only a form acts here; the address itself leads to the receipt. */
export const GET = portalPage(async (page) => {
  const id = readId<'receipt'>(page.params.receiptId);
  const receipt = id === null ? null : await findReceipt(page.on.read, page.viewer, id);
  if (receipt === null) return answerTrouble(page, { code: 'not_found', message: 'No such receipt.' });
  return answerSeeOther(`/receipts/${receipt.id}`);
});

export const POST = portalAct({ sensitive: false, again: (page) => drawReceipt(page) }, async (act) => {
  const { on, viewer, form, words, customer, now } = act;
  const receiptId = readId<'receipt'>(act.params.receiptId);
  if (receiptId === null) return answerTrouble(act, { code: 'not_found', message: 'No such receipt.' });
  const locale = readLocale(customer.metadata?.locale) ?? words.locale;
  const sent = await emailReceipt(on, viewer, { formId: act.id, receiptId, to: form.get('to'), locale });
  if (sent.ok) return seeDone(act, `/receipts/${receiptId}`);
  const { failure } = sent;
  const typed = { ...act, kept: form };
  if (failure.code === 'validation_error') {
    return drawReceipt(typed, [{ field: 'to', text: words.t('receipts.badAddress') }]);
  }
  if (failure.code !== 'rate_limited') return answerTrouble(act, failure);
  const at = Number(failure.facts?.at ?? now);
  const text = words.t('receipts.enoughForNow', { time: words.time(at) });
  return drawReceipt({ ...typed, held: { text, seconds: Math.max(1, Math.ceil((at - now) / 1_000)) } });
});
