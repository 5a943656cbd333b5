import { customerIdOf } from '@/app/(test-mode)/test/_sample/load-sample.ts';
import { sampleScope } from '@/app/(test-mode)/test/_sample/sample-workspace.ts';
import { AccountPage, answerShop } from '@/app/(test-mode)/test/_shop/shop-page.tsx';
import { buyerOf, testPage } from '@/app/(test-mode)/test/_tools/test-tools.ts';
import { findCustomer } from '@/lib/data/customers.ts';
import { answerSeeOther } from '@/lib/html/answer.ts';

/** The account page of the sample shop, seen as one sample buyer. */
export const GET = testPage(async (on, request) => {
  const buyer = buyerOf(new URL(request.url).searchParams);
  if (buyer === null) return answerSeeOther('/test');
  const customer = await findCustomer(on.read, { ...sampleScope, customerId: customerIdOf(buyer) });
  if (customer === null) return answerSeeOther(`/test?done=no_sample&buyer=${buyer.slug}#result`);
  return answerShop('Your account', <AccountPage buyer={buyer} name={customer.name} />);
});
