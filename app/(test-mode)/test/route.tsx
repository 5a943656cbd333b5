import { Document } from '@/components/portal/document.tsx';
import { LanguageSwitch } from '@/components/portal/language-switch.tsx';
import { Button } from '@/components/ui/button.tsx';
import { Link } from '@/components/ui/link.tsx';
import { Notice } from '@/components/ui/notice.tsx';
import { Section } from '@/components/ui/section.tsx';
import { listTestCustomers } from '@/lib/data/test-customers.ts';
import { dayMs, hourMs } from '@/lib/domain/time.ts';
import { answerDocument } from '@/lib/html/answer.ts';
import { portalStyles } from '@/lib/html/assets.ts';
import { themeStyles } from '@/lib/html/theme.ts';
import { type Locale, localeNames, locales, readAcceptLanguage, readLocale } from '@/lib/i18n/locale.ts';
import type { Words } from '@/lib/i18n/words.ts';
import { makeWords } from '@/lib/i18n/words.ts';
import { furthestAheadMs } from '@/lib/operations/advance-test-clock.ts';
import type { Runtime } from '@/lib/runtime.ts';
import { readCookie } from '@/lib/session/cookie.ts';
import { customerIdOf } from './_sample/load-sample.ts';
import type { SampleBuyer } from './_sample/sample-buyers.ts';
import { findSampleBuyer, sampleBuyers } from './_sample/sample-buyers.ts';
import { sampleConfiguration, sampleName, sampleScope } from './_sample/sample-workspace.ts';
import { clockMoves } from './_tools/sample-clock.ts';
import { testPage } from './_tools/test-tools.ts';

/** Start of the test tools: choose a sample buyer, a date and a language, and go to the sample shop as them. */
export const GET = testPage(async (on, request) => {
  const fields = new URL(request.url).searchParams;
  const switched = readLocale(readCookie(request, 'locale'));
  const locale = switched ?? readAcceptLanguage(request.headers.get('accept-language')) ?? 'en';
  const words = makeWords(locale, sampleConfiguration.timeZone ?? 'UTC');
  const { t } = words;
  const styles = [portalStyles(), themeStyles(null)];
  const clocks = await readClocks(on);
  const chosen = findSampleBuyer(fields.get('buyer') ?? '') ?? sampleBuyers[0];
  return answerDocument(
    <Document words={words} title={t('preview.title')} styles={styles} scheme="auto">
      <main className="mx-auto max-w-3xl px-4 py-8">
        <p className="text-sm font-semibold text-amber">{t('preview.tools')}</p>
        <h1 className="mt-2 text-2xl font-bold">{t('preview.title')}</h1>
        <ResultNote code={fields.get('done')} buyer={chosen} words={words} clocks={clocks} />
        {clocks.size === 0 ? (
          <LoadForm words={words} />
        ) : (
          <PreviewForm chosen={chosen} words={words} clocks={clocks} switched={switched} />
        )}
        <Notes words={words} />
      </main>
      <footer className="mx-auto max-w-3xl px-4 pb-8">
        <LanguageSwitch words={words} here={fields.size === 0 ? '/test' : `/test?${fields}`} />
      </footer>
    </Document>,
    { styles },
  );
});

/** Sample buyers that are there, with what their clock says. */
type Clocks = ReadonlyMap<string, { readonly now: number; readonly isAhead: boolean }>;

async function readClocks(on: Runtime): Promise<Clocks> {
  const present = await listTestCustomers(on.read, sampleScope);
  return new Map(
    present.map(({ id, clockAheadMs }) => [id, { now: on.now() + clockAheadMs, isAhead: clockAheadMs >= hourMs }]),
  );
}

function LoadForm({ words: { t } }: { words: Words }) {
  return (
    <form method="post" action="/test/sample" className="mt-6 space-y-4">
      <p>{t('preview.notLoaded', { shop: sampleName, n: sampleBuyers.length })}</p>
      <Button>{t('preview.load')}</Button>
    </form>
  );
}

const fieldset = 'mt-8 border-0 p-0';
const legend = 'mb-2 p-0 text-xl font-bold';
const select = 'mt-1 block min-h-11 w-full rounded-corner border border-line bg-card px-3 text-base sm:max-w-sm';

function PreviewForm({
  chosen,
  words,
  clocks,
  switched,
}: {
  chosen: SampleBuyer | undefined;
  words: Words;
  clocks: Clocks;
  /** The language this browser chose before; the portal would keep to it. */
  switched: Locale | null;
}) {
  const { t } = words;
  return (
    <form method="post" action="/test/preview" target="_blank" rel="noopener">
      <fieldset className={fieldset}>
        <legend className={legend}>{t('preview.buyer')}</legend>
        <ul className="m-0 grid list-none gap-2 p-0 sm:grid-cols-2">
          {sampleBuyers
            .filter((buyer) => clocks.has(customerIdOf(buyer)))
            .map((buyer) => (
              <li key={buyer.slug} className="rounded-corner border border-line bg-card px-3">
                <BuyerChoice buyer={buyer} checked={buyer.slug === chosen?.slug} words={words} clocks={clocks} />
              </li>
            ))}
        </ul>
      </fieldset>
      <fieldset id="stage" className={fieldset}>
        <legend className={legend}>{t('preview.stage')}</legend>
        <div className="grid gap-4 sm:grid-cols-2">
          <label className="block">
            {t('preview.date')}
            <select name="date" className={select}>
              {Object.entries(clockMoves).map(([move, name]) => (
                <option key={move} value={move}>
                  {t(name)}
                </option>
              ))}
            </select>
          </label>
          <label className="block">
            {t('preview.language')}
            <select name="language" className={select} defaultValue={switched ?? ''}>
              <option value="">{t('preview.asBrowser')}</option>
              {locales.map((one) => (
                <option key={one} value={one} lang={one}>
                  {localeNames[one]}
                </option>
              ))}
            </select>
          </label>
        </div>
        <p className="mt-2 text-sm text-quiet">{t('preview.stageHint')}</p>
      </fieldset>
      <div className="mt-6 flex flex-wrap items-center gap-x-6 gap-y-2">
        <Button>{t('preview.open')}</Button>
        <button
          type="submit"
          formAction="/test/reset"
          formTarget="_self"
          className="min-h-11 cursor-pointer border-0 bg-transparent p-0 text-accent-text underline underline-offset-2"
        >
          {t('preview.reset')}
        </button>
      </div>
      <p className="mt-2 text-sm text-quiet">{t('preview.openHint')}</p>
    </form>
  );
}

function BuyerChoice({
  buyer,
  checked,
  words,
  clocks,
}: {
  buyer: SampleBuyer;
  checked: boolean;
  words: Words;
  clocks: Clocks;
}) {
  const { t } = words;
  const clock = clocks.get(customerIdOf(buyer));
  return (
    <label className="flex min-h-11 items-start gap-3 py-2.5">
      <input
        type="radio"
        name="buyer"
        value={buyer.slug}
        defaultChecked={checked}
        className="mt-0.5 size-5 shrink-0 accent-accent"
      />
      <span className="min-w-0">
        <span className="block font-semibold">{t(`preview.buyers.${buyer.slug}.title`)}</span>
        <span className="block text-sm text-quiet">{t(`preview.buyers.${buyer.slug}.shows`)}</span>
        {clock?.isAhead === true ? (
          <span className="block text-sm font-semibold text-amber">
            {t('preview.clock', { date: words.date(clock.now), time: words.time(clock.now) })}
          </span>
        ) : null}
      </span>
    </label>
  );
}

function ResultNote({
  code,
  buyer,
  words,
  clocks,
}: {
  code: string | null;
  buyer: SampleBuyer | undefined;
  words: Words;
  clocks: Clocks;
}) {
  const { t } = words;
  const title = buyer === undefined ? '' : t(`preview.buyers.${buyer.slug}.title`);
  const clock = buyer === undefined ? undefined : clocks.get(customerIdOf(buyer));
  const today = clock === undefined ? '' : words.date(clock.now);
  const notes: Readonly<Record<string, readonly ['green' | 'amber', string]>> = {
    loaded: ['green', t('preview.loaded')],
    reset: ['green', t('preview.wasReset', { buyer: title, date: today })],
    no_sample: ['amber', t('preview.noSample', { buyer: title })],
    no_payment: ['amber', t('preview.noPayment', { buyer: title })],
    too_far: ['amber', t('preview.tooFar', { buyer: title, n: furthestAheadMs / dayMs })],
  };
  const note = code !== null && Object.hasOwn(notes, code) ? notes[code] : undefined;
  if (note === undefined) return null;
  return (
    <div className="mt-4">
      <Notice tone={note[0]} result>
        <p>{note[1]}</p>
      </Notice>
    </div>
  );
}

function Notes({ words: { t } }: { words: Words }) {
  return (
    <Section id="more" title={t('preview.how')}>
      <ul className="m-0 list-disc space-y-1 ps-5">
        <li>{t('preview.howShop')}</li>
        <li>{t('preview.howMethods')}</li>
        <li>{t('preview.howLink')}</li>
      </ul>
      <p className="mt-3">
        <Link href="/test/webhooks">{t('preview.hooks')}</Link>
      </p>
      <p className="mt-2">
        <Link href="/test/mailbox">{t('preview.mailbox')}</Link>
      </p>
    </Section>
  );
}
