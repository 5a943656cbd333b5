import type { LaidMerchant } from '@/e2e/portal-data.ts';
import { importLines, layMerchant } from '@/e2e/portal-data.ts';
import type { Runtime } from '@/lib/runtime.ts';

/** So many workspaces with so many customers each that no rate limit of a workspace or a customer is what is measured. */
const workspaces = 40;
const customersEach = 12;

export async function layMerchants(on: Runtime): Promise<LaidMerchant[]> {
  const merchants: LaidMerchant[] = [];
  for (let index = 0; index < workspaces; index += 1) {
    merchants.push(await layMerchant(on, `bench${index}`, customersEach));
  }
  return merchants;
}

/** The account whose pages are weighed: three subscriptions, more than three documents, one thing to attend to. */
export async function layWeighedAccount(on: Runtime): Promise<LaidMerchant> {
  const merchant = await layMerchant(on, 'weighed', 1);
  const now = on.now();
  const day = 86_400_000;
  const iso = (days: number): string => new Date(now + days * day).toISOString();
  const subscription = (name: string, status: string) => ({
    object: 'subscription',
    id: `sub_weighed_${name}`,
    customerId: 'cus_weighed_0',
    planId: 'pln_weighed',
    priceId: 'prc_weighed',
    status,
    currentPeriodStart: iso(-3),
    currentPeriodEnd: iso(27),
    createdAt: iso(-60),
  });
  await importLines(on, merchant.scope, [
    subscription('b', 'active'),
    subscription('c', 'past_due'),
    {
      object: 'invoice',
      id: 'inv_weighed_c',
      customerId: 'cus_weighed_0',
      subscriptionId: 'sub_weighed_c',
      status: 'open',
      number: 'INV-weighed-c',
      currency: 'IDR',
      subtotal: 149_000,
      discount: 0,
      tax: 0,
      total: 149_000,
      amountPaid: 0,
      amountDue: 149_000,
      dueAt: iso(-3),
      issuedAt: iso(-3),
      nextAttemptAt: iso(2),
      lines: [{ id: 'il_weighed_c', description: 'Roaster Club', quantity: 1, unitAmount: 149_000, amount: 149_000 }],
      attempts: [
        {
          id: 'pa_weighed_c',
          paymentTokenId: 'pt_weighed_0',
          amount: 149_000,
          status: 'refused',
          reason: 'not_enough_money',
          createdAt: iso(-3),
        },
      ],
      createdAt: iso(-3),
    },
  ]);
  return merchant;
}
