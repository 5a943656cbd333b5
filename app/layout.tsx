import type { ReactNode } from 'react';
import { closesAt } from '@/lib/domain/browser-session.ts';
import { portalScriptPath } from '@/lib/html/assets.ts';
import { themeStyles } from '@/lib/html/theme.ts';
import { findPagePresence } from '@/lib/session/page-presence.ts';

/** The shell of the one page that runs Next's client, because it waits for something to change elsewhere. */
export default async function RootLayout({ children }: { children: ReactNode }) {
  const { on, presence, words, nonce } = await findPagePresence();
  const live = presence.state === 'live' ? presence : null;
  const clock =
    live === null
      ? {}
      : {
          'data-now': Math.floor(on.now() / 1_000),
          'data-closes': Math.floor(closesAt(live.session) / 1_000),
        };
  return (
    <html lang={words.locale} dir="ltr" data-scheme={live?.workspace.configuration.theme.scheme ?? 'auto'} {...clock}>
      <head>
        <link rel="icon" href="/icon.svg" type="image/svg+xml" />
        <link rel="stylesheet" href="/assets/portal.css" />
        {/* biome-ignore lint/security/noDangerouslySetInnerHtml: checked theme values, never merchant text. */}
        <style nonce={nonce} dangerouslySetInnerHTML={{ __html: themeStyles(live?.workspace ?? null) }} />
        <script src={portalScriptPath()} nonce={nonce} defer />
      </head>
      <body>{children}</body>
    </html>
  );
}
