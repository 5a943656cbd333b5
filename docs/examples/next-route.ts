// app/manage-billing/route.ts, with a key of the kind "bearer": nothing to sign.
import { requireCustomerId } from '@/your-own/sign-in';

export async function POST(): Promise<Response> {
  // Your own sign-in decides whose billing this is; never take the customer's id from the browser.
  const customerId = await requireCustomerId();
  const answer = await fetch(`${process.env.PLUGIPAY_BASE_URL}/api/v1/portal-sessions`, {
    method: 'POST',
    cache: 'no-store',
    headers: {
      Authorization: `Bearer ${process.env.PLUGIPAY_API_KEY}`,
      'Content-Type': 'application/json',
      'Idempotency-Key': crypto.randomUUID(),
    },
    body: JSON.stringify({ customerId, returnUrl: 'https://shop.example.com/account' }),
  });
  const { data } = await answer.json();
  return new Response(null, { status: 303, headers: { Location: data.url } });
}
