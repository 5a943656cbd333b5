import { headers } from 'next/headers';
import { cache } from 'react';
import { chooseLocale } from '@/lib/i18n/locale.ts';
import { makeWords, type Words } from '@/lib/i18n/words.ts';
import { errorFields } from '@/lib/log.ts';
import { type Runtime, runtime } from '@/lib/runtime.ts';
import { readCookie } from './cookie.ts';
import { type Presence, requirePresence } from './viewer.ts';

/** What a page that runs Next's client knows of its request: the same gate as every other page, and the nonce. */
export type PagePresence = {
  readonly on: Runtime;
  readonly presence: Presence;
  readonly words: Words;
  /** Allows the scripts and styles of this answer; set by `proxy.ts` and never taken from a client. */
  readonly nonce: string;
};

/** Proves the viewer of the page that is being drawn, once a request. */
export const findPagePresence = cache(async (): Promise<PagePresence> => {
  // First the request: the build draws pages without one, and must stop here, before it looks for a configuration.
  const sent = await headers();
  const on = await runtime();
  const request = new Request(on.config.origin, { headers: new Headers(sent) });
  const presence = await provePresence(on, request);
  const live = presence.state === 'live' ? presence : null;
  const locale = chooseLocale({
    switched: readCookie(request, 'locale'),
    customer: live?.customer.metadata?.locale ?? null,
    workspaceDefault: live?.workspace.configuration.defaultLocale ?? 'auto',
    acceptLanguage: sent.get('accept-language'),
  });
  const words = makeWords(locale, live?.workspace.configuration.timeZone ?? 'UTC');
  const nonce = /'nonce-([\w+/=-]+)'/.exec(sent.get('content-security-policy') ?? '')?.[1] ?? '';
  return { on, presence, words, nonce };
});

/** Whoever cannot be proven is nobody: the page leads on to one that can say with its status what broke. */
async function provePresence(on: Runtime, request: Request): Promise<Presence> {
  try {
    return await requirePresence(on, request);
  } catch (thrown) {
    on.log('error', 'page.failed', { route: '/waiting', ...errorFields(thrown) });
    return { state: 'none' };
  }
}
