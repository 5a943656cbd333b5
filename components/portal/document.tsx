import type { ReactNode } from 'react';
import type { Words } from '@/lib/i18n/words.ts';

export type DocumentProps = {
  words: Words;
  title: string;
  /** Texts of inline styles, in order. */
  styles: readonly string[];
  /** `auto` follows the browser. */
  scheme: 'auto' | 'light' | 'dark';
  /** Address of the portal's own small script, or null. */
  script?: string | null;
  inlineScript?: string;
  /** Epoch seconds of the server now and of the session's end, for the closing warning. */
  clock?: { readonly now: number; readonly closes: number };
  children: ReactNode;
};

/** The shell of every page: language, title, styles, nothing from elsewhere. */
export function Document({ words, title, styles, scheme, script, inlineScript, clock, children }: DocumentProps) {
  return (
    <html lang={words.locale} dir="ltr" data-scheme={scheme} data-now={clock?.now} data-closes={clock?.closes}>
      <head>
        <meta charSet="utf-8" />
        <meta name="viewport" content="width=device-width,initial-scale=1" />
        <title>{title}</title>
        <link rel="icon" href="/icon.svg" type="image/svg+xml" />
        {styles.map((text) => (
          // biome-ignore lint/security/noDangerouslySetInnerHtml: our own stylesheet and checked theme values, never data.
          <style key={text} dangerouslySetInnerHTML={{ __html: text }} />
        ))}
        {script === undefined || script === null ? null : <script src={script} defer />}
      </head>
      <body>
        {children}
        {inlineScript === undefined ? null : (
          // biome-ignore lint/security/noDangerouslySetInnerHtml: a constant of ours, allowed by its hash.
          <script dangerouslySetInnerHTML={{ __html: inlineScript }} />
        )}
      </body>
    </html>
  );
}
