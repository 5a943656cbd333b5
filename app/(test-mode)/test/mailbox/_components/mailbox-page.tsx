import type { ReactNode } from 'react';
import { sampleConfiguration } from '@/app/(test-mode)/test/_sample/sample-workspace.ts';
import { Document } from '@/components/portal/document.tsx';
import { LanguageSwitch } from '@/components/portal/language-switch.tsx';
import { Link } from '@/components/ui/link.tsx';
import { answerDocument } from '@/lib/html/answer.ts';
import { portalStyles } from '@/lib/html/assets.ts';
import { themeStyles } from '@/lib/html/theme.ts';
import { readAcceptLanguage, readLocale } from '@/lib/i18n/locale.ts';
import type { Words } from '@/lib/i18n/words.ts';
import { makeWords } from '@/lib/i18n/words.ts';
import { readCookie } from '@/lib/session/cookie.ts';

type Drawing = {
  readonly title: string;
  /** Where the link above the heading leads. */
  readonly up: { readonly href: string; readonly text: string };
  readonly here: string;
  readonly body: ReactNode;
};

/** The words of a page of the mailbox, in the language of its reader. */
export function mailboxWords(request: Request): Words {
  const switched = readLocale(readCookie(request, 'locale'));
  const locale = switched ?? readAcceptLanguage(request.headers.get('accept-language')) ?? 'en';
  return makeWords(locale, sampleConfiguration.timeZone ?? 'UTC');
}

/** Draws a page of the mailbox. */
export function drawMailbox(words: Words, { title, up, here, body }: Drawing): Response {
  const styles = [portalStyles(), themeStyles(null)];
  return answerDocument(
    <Document words={words} title={title} styles={styles} scheme="auto">
      <main className="mx-auto max-w-3xl px-4 py-8">
        <Link href={up.href}>{up.text}</Link>
        <h1 className="mt-2 text-2xl font-bold [overflow-wrap:anywhere]">
          <bdi>{title}</bdi>
        </h1>
        {body}
      </main>
      <footer className="mx-auto max-w-3xl px-4 pb-8">
        <LanguageSwitch words={words} here={here} />
      </footer>
    </Document>,
    { styles },
  );
}
