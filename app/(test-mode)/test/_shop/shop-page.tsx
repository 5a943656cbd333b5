import type { ReactNode } from 'react';
import type { SampleBuyer } from '@/app/(test-mode)/test/_sample/sample-buyers.ts';
import { sampleName } from '@/app/(test-mode)/test/_sample/sample-workspace.ts';
import { answerDocument } from '@/lib/html/answer.ts';
import { shopStyles } from './shop-styles.ts';

/** A page of the sample shop. It shares no part with the portal, so that nobody takes one for the other. */
export function answerShop(title: string, body: ReactNode, status = 200): Response {
  return answerDocument(
    <html lang="en">
      <head>
        <meta charSet="utf-8" />
        <meta name="viewport" content="width=device-width,initial-scale=1" />
        <title>{`${title} · ${sampleName} (sample shop)`}</title>
        <link rel="icon" href="/icon.svg" type="image/svg+xml" />
        {/* biome-ignore lint/security/noDangerouslySetInnerHtml: a constant stylesheet of ours. */}
        <style dangerouslySetInnerHTML={{ __html: shopStyles }} />
      </head>
      <body>
        <header>
          <p className="ribbon">
            This is a sample shop. <a href="/test">Back to the test tools</a>
          </p>
          <p className="name">{sampleName}</p>
          <p className="line">Small-lot coffee, roasted in Bandung</p>
          <ul className="aisles" aria-label="What the shop would sell">
            <li>Beans</li>
            <li>Brewing</li>
            <li>Subscriptions</li>
            <li className="here">Your account</li>
          </ul>
        </header>
        <main>{body}</main>
        <footer>Jl. Braga 12, Bandung. Open until the sun is down.</footer>
      </body>
    </html>,
    { status, styles: [shopStyles] },
  );
}

/** The account page of one buyer: a shop's own things, and the one button that leads into the portal. */
export function AccountPage({ buyer, name }: { buyer: SampleBuyer; name: string | null }) {
  return (
    <>
      <h1>
        Hello, <bdi>{name ?? 'friend'}</bdi>
      </h1>
      <div className="tiles">
        <section aria-labelledby="orders">
          <h2 id="orders">Orders</h2>
          <p>Gayo Wine Process, 250 g. On its way to you.</p>
          <p>Toraja Sapan, 1 kg. Delivered last week.</p>
        </section>
        <section aria-labelledby="brew">
          <h2 id="brew">Your brew</h2>
          <p>V60, medium grind, 1 to 16. Saved from your last visit.</p>
        </section>
        <section aria-labelledby="billing" className="billing">
          <h2 id="billing">Billing</h2>
          <p>Payment methods, invoices, receipts and subscriptions.</p>
          <form method="post" action="/test/shop/manage-billing">
            <input type="hidden" name="buyer" value={buyer.slug} />
            <button type="submit">Manage billing</button>
          </form>
        </section>
      </div>
    </>
  );
}

/** What a shop says when its server could not mint. The reason is for the developer who looks at it. */
export function MintProblem({ buyer, reason }: { buyer: SampleBuyer; reason: string }) {
  return (
    <>
      <h1>Billing can’t be opened right now</h1>
      <p>Nothing was changed. Please try again in a moment.</p>
      <p className="reason">For developers: the merchant API answered “{reason}”.</p>
      <p>
        <a href={`/test/shop?buyer=${buyer.slug}`}>Back to your account</a>
      </p>
    </>
  );
}
