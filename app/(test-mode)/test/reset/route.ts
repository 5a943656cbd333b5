import { resetSample } from '@/app/(test-mode)/test/_sample/load-sample.ts';
import { buyerOf, formsOnly, testAct } from '@/app/(test-mode)/test/_tools/test-tools.ts';
import { answerEmpty, answerSeeOther } from '@/lib/html/answer.ts';

/** Takes back what one sample buyer did, and their clock. */
export const POST = testAct(async (on, form) => {
  const buyer = buyerOf(form);
  if (buyer === null) return answerEmpty(400);
  await resetSample(on, buyer);
  return answerSeeOther(`/test?done=reset&buyer=${buyer.slug}#result`);
});

export { formsOnly as GET };
