import type { Server } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { MerchantKey } from './merchant.ts';
import { mintPortalSession } from './merchant.ts';

/** A merchant's own site, on another host than the portal: one account page with the button "Manage billing". */
export type ShopSite = {
  /** Such as http://shop.localhost:40123. */
  readonly origin: string;
  /** The account page of one customer; the portal leads back to it. */
  accountOf(customerId: string): string;
  /** Every address that was asked for (not its icon), with the Referer it came with. */
  readonly visits: readonly { readonly target: string; readonly referer: string | null }[];
  stop(): Promise<void>;
};

/** Serves the site. The button posts to the site's own server, which mints over signed HTTP and answers 303. */
export async function startShopSite(key: MerchantKey, pages: Readonly<Record<string, string>> = {}): Promise<ShopSite> {
  const visits: { target: string; referer: string | null }[] = [];
  const server = createServer((request, answer) => {
    const target = request.url ?? '/';
    const url = new URL(target, origin());
    if (url.pathname !== '/favicon.ico') visits.push({ target, referer: request.headers.referer ?? null });
    const customerId = url.searchParams.get('customer') ?? '';
    if (request.method === 'POST' && url.pathname === '/billing') {
      mintPortalSession(key, customerId, accountOf(customerId)).then(
        ({ url: link }) => answer.writeHead(303, { Location: link }).end(),
        (problem: unknown) => answer.writeHead(502, { 'Content-Type': 'text/plain' }).end(String(problem)),
      );
      return;
    }
    const body = pages[url.pathname] ?? accountPage(customerId);
    answer
      .writeHead(200, { 'Content-Type': 'text/html; charset=utf-8' })
      .end(`<!doctype html><html lang="en">${body}</html>`);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = (): string => `http://shop.localhost:${portOf(server)}`;
  const accountOf = (customerId: string): string => `${origin()}/account?customer=${encodeURIComponent(customerId)}`;
  return {
    origin: origin(),
    accountOf,
    visits,
    stop: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

function accountPage(customerId: string): string {
  return `<head><title>Account</title></head><body><h1>Your account</h1>
<form method="post" action="/billing?customer=${encodeURIComponent(customerId)}"><button>Manage billing</button></form></body>`;
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}
