import { customerIdOf } from '@/app/(test-mode)/test/_sample/load-sample.ts';
import type { SampleBuyer } from '@/app/(test-mode)/test/_sample/sample-buyers.ts';
import { sampleScope } from '@/app/(test-mode)/test/_sample/sample-workspace.ts';
import type { MintAnswer } from '@/app/(test-mode)/test/_shop/merchant-client.ts';
import { mintPortalSession } from '@/app/(test-mode)/test/_shop/merchant-client.ts';
import { answerShop, MintProblem } from '@/app/(test-mode)/test/_shop/shop-page.tsx';
import { buyerOf, formsOnly, testAct } from '@/app/(test-mode)/test/_tools/test-tools.ts';
import { answerEmpty, answerSeeOther } from '@/lib/html/answer.ts';
import { errorFields } from '@/lib/log.ts';
import { openSampleShopKey } from '@/lib/operations/open-sample-shop-key.ts';
import type { Runtime } from '@/lib/runtime.ts';

/** What a merchant's server does when its buyer presses "Manage billing": mint now, answer 303 to the link, keep nothing. */
export const POST = testAct(async (on, form) => {
  const buyer = buyerOf(form);
  if (buyer === null) return answerEmpty(400);
  const minted = await mint(on, buyer);
  if (minted.ok) return answerSeeOther(minted.url);
  return answerShop('Billing', <MintProblem buyer={buyer} reason={`${minted.status} ${minted.code}`} />, 502);
});

async function mint(on: Runtime, buyer: SampleBuyer): Promise<MintAnswer> {
  const { origin } = on.config;
  const key = await openSampleShopKey(on, sampleScope);
  if (!key.ok) return { ok: false, status: 404, code: key.failure.code, message: key.failure.message };
  const order = { customerId: customerIdOf(buyer), returnUrl: `${origin}/test/shop?buyer=${buyer.slug}` };
  try {
    return await mintPortalSession({ origin, ...key.value }, order, on.now());
  } catch (thrown) {
    on.log('warn', 'sample_shop.mint_failed', errorFields(thrown));
    return { ok: false, status: 503, code: 'network_error', message: 'No answer came.' };
  }
}

export { formsOnly as GET };
