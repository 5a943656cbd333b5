import { localeNames, locales } from '@/lib/i18n/locale.ts';
import type { Words } from '@/lib/i18n/words.ts';

/**
 * The buyer's own choice of language, each by its own name; a plain form, back to the same page. `bare`: without class
 * names, for a page with styles of its own.
 */
export function LanguageSwitch({
  words,
  here,
  look = 'styled',
}: {
  words: Words;
  here: string;
  look?: 'styled' | 'bare';
}) {
  const classes = (names: string) => (look === 'bare' ? undefined : names);
  return (
    <form method="post" action="/language" className={classes('flex flex-wrap items-center gap-x-3')}>
      <input type="hidden" name="back" value={here} />
      <span className={classes('text-quiet')}>{words.t('frame.language')}:</span>
      {locales.map((locale) =>
        locale === words.locale ? (
          <strong key={locale} lang={locale} aria-current="true" className={classes('py-2.5')}>
            {localeNames[locale]}
          </strong>
        ) : (
          <button
            key={locale}
            type="submit"
            name="locale"
            value={locale}
            lang={locale}
            className={classes('min-h-11 cursor-pointer text-accent-text underline underline-offset-2')}
          >
            {localeNames[locale]}
          </button>
        ),
      )}
    </form>
  );
}
