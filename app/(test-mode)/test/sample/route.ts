import { loadSample } from '@/app/(test-mode)/test/_sample/load-sample.ts';
import { formsOnly, testAct } from '@/app/(test-mode)/test/_tools/test-tools.ts';
import { answerSeeOther } from '@/lib/html/answer.ts';

/** Loads the sample shop where it is missing. */
export const POST = testAct(async (on) => {
  await loadSample(on);
  return answerSeeOther('/test?done=loaded#result');
});

export { formsOnly as GET };
