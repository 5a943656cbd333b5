import { moveSampleClock, readClockMove } from '@/app/(test-mode)/test/_tools/sample-clock.ts';
import { buyerOf, formsOnly, testAct } from '@/app/(test-mode)/test/_tools/test-tools.ts';
import { answerEmpty, answerSeeOther } from '@/lib/html/answer.ts';
import { readLocale } from '@/lib/i18n/locale.ts';
import { clearCookie, writeCookie } from '@/lib/session/cookie.ts';

/** Sets the stage (the buyer's clock, the language) and leads to the sample shop, where the way into billing begins. */
export const POST = testAct(async (on, form) => {
  const buyer = buyerOf(form);
  if (buyer === null) return answerEmpty(400);
  const problem = await moveSampleClock(on, buyer, readClockMove(form.get('date')));
  if (problem !== null) return answerSeeOther(`/test?done=${problem}&buyer=${buyer.slug}#result`);
  const locale = readLocale(form.get('language'));
  const cookie = locale === null ? clearCookie('locale') : writeCookie('locale', locale);
  return answerSeeOther(`/test/shop?buyer=${buyer.slug}`, [cookie]);
});

export { formsOnly as GET };
