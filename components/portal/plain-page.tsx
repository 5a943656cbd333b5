import type { ReactNode } from 'react';
import type { Words } from '@/lib/i18n/words.ts';
import { LanguageSwitch } from './language-switch.tsx';

/** A page without an account: entry, refusals, signed out. One heading, a few sentences, the way on. */
export function PlainPage({
  words,
  title,
  test,
  here,
  children,
}: {
  words: Words;
  title: string;
  test: boolean;
  /** Path for the language switch, or null where the page is at an address that must not be repeated. */
  here: string | null;
  children: ReactNode;
}) {
  return (
    <>
      {test ? (
        <aside
          aria-label={words.t('frame.testLabel')}
          className="bg-amber-soft px-4 py-1.5 text-center text-sm font-semibold text-amber"
        >
          {words.t('frame.test')}
        </aside>
      ) : null}
      <main id="main" className="mx-auto max-w-md px-4 py-8">
        <h1 id="result" tabIndex={-1} className="mb-4 text-2xl font-bold">
          {title}
        </h1>
        <div className="space-y-4">{children}</div>
      </main>
      {here === null ? null : (
        <footer className="mx-auto max-w-md px-4 py-2">
          <LanguageSwitch words={words} here={here} />
        </footer>
      )}
    </>
  );
}
