import { localeNames, locales } from '@/lib/i18n/locale.ts';
import type { Words } from '@/lib/i18n/words.ts';

/** The buyer's own choice of language, each by its own name; a plain form, back to the same page. */
export function LanguageSwitch({ words, here }: { words: Words; here: string }) {
  return (
    <form method="post" action="/language" className="flex flex-wrap items-center gap-x-3">
      <input type="hidden" name="back" value={here} />
      <span className="text-quiet">{words.t('frame.language')}:</span>
      {locales.map((locale) =>
        locale === words.locale ? (
          <strong key={locale} lang={locale} aria-current="true" className="py-2.5">
            {localeNames[locale]}
          </strong>
        ) : (
          <button
            key={locale}
            type="submit"
            name="locale"
            value={locale}
            lang={locale}
            className="min-h-11 cursor-pointer text-accent-text underline underline-offset-2"
          >
            {localeNames[locale]}
          </button>
        ),
      )}
    </form>
  );
}
