import { Document } from '@/components/portal/document.tsx';
import { Button } from '@/components/ui/button.tsx';
import { Notice } from '@/components/ui/notice.tsx';
import { Section } from '@/components/ui/section.tsx';
import { listTestCustomers } from '@/lib/data/test-customers.ts';
import { hourMs } from '@/lib/domain/time.ts';
import { answerDocument } from '@/lib/html/answer.ts';
import { portalStyles } from '@/lib/html/assets.ts';
import { themeStyles } from '@/lib/html/theme.ts';
import type { Words } from '@/lib/i18n/words.ts';
import { makeWords } from '@/lib/i18n/words.ts';
import type { Runtime } from '@/lib/runtime.ts';
import { customerIdOf } from './_sample/load-sample.ts';
import type { SampleBuyer } from './_sample/sample-buyers.ts';
import { findSampleBuyer, sampleBuyers } from './_sample/sample-buyers.ts';
import { sampleConfiguration, sampleName, sampleScope } from './_sample/sample-workspace.ts';
import { clockMoves } from './_tools/sample-clock.ts';
import { testPage } from './_tools/test-tools.ts';

/** Start of the test tools: choose a sample buyer, a date and a language, and go to the sample shop as them. */
export const GET = testPage(async (on, request) => {
  const fields = new URL(request.url).searchParams;
  const words = makeWords('en', sampleConfiguration.timeZone ?? 'UTC');
  const styles = [portalStyles(), themeStyles(null)];
  const clocks = await readClocks(on);
  const chosen = findSampleBuyer(fields.get('buyer') ?? '') ?? sampleBuyers[0];
  return answerDocument(
    <Document words={words} title="Preview the portal" styles={styles} scheme="auto">
      <main className="mx-auto max-w-3xl px-4 py-8">
        <p className="text-sm font-semibold text-amber">Test tools. Made-up people, made-up money.</p>
        <h1 className="mt-2 text-2xl font-bold">Preview the portal</h1>
        <ResultNote code={fields.get('done')} buyer={chosen} words={words} clocks={clocks} />
        {clocks.size === 0 ? <LoadForm /> : <PreviewForm chosen={chosen} words={words} clocks={clocks} />}
        <Notes />
      </main>
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

function LoadForm() {
  return (
    <form method="post" action="/test/sample" className="mt-6 space-y-4">
      <p>
        The sample shop, {sampleName}, isn’t in this database yet. Loading it adds one workspace with twelve buyers, in
        test mode.
      </p>
      <Button>Load the sample data</Button>
    </form>
  );
}

const fieldset = 'mt-8 border-0 p-0';
const legend = 'mb-2 p-0 text-xl font-bold';
const select = 'mt-1 block min-h-11 w-full rounded-corner border border-line bg-card px-3 text-base sm:max-w-sm';

function PreviewForm({ chosen, words, clocks }: { chosen: SampleBuyer | undefined; words: Words; clocks: Clocks }) {
  return (
    <form method="post" action="/test/preview" target="_blank" rel="noopener">
      <fieldset className={fieldset}>
        <legend className={legend}>Sample buyer</legend>
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
      <fieldset className={fieldset}>
        <legend className={legend}>Stage</legend>
        <div className="grid gap-4 sm:grid-cols-2">
          <label className="block">
            Date
            <select name="date" className={select}>
              {Object.entries(clockMoves).map(([move, name]) => (
                <option key={move} value={move}>
                  {name}
                </option>
              ))}
            </select>
          </label>
          <label className="block">
            Language
            <select name="language" className={select}>
              <option value="">As the browser asks</option>
              <option value="en">English</option>
              <option value="id">Bahasa Indonesia</option>
            </select>
          </label>
        </div>
        <p className="mt-2 text-sm text-quiet">
          A sample’s clock moves forward only; what is due then is done. The theme is the one your device asks for.
        </p>
      </fieldset>
      <div className="mt-6 flex flex-wrap items-center gap-x-6 gap-y-2">
        <Button>Open</Button>
        <button
          type="submit"
          formAction="/test/reset"
          formTarget="_self"
          className="min-h-11 cursor-pointer border-0 bg-transparent p-0 text-accent-text underline underline-offset-2"
        >
          Reset the sample
        </button>
      </div>
      <p className="mt-2 text-sm text-quiet">
        Open leads to the sample shop in a new tab: press “Manage billing” there. Reset takes back what the chosen buyer
        did, and their clock.
      </p>
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
        <span className="block font-semibold">{buyer.title}</span>
        <span className="block text-sm text-quiet">{buyer.shows}</span>
        {clock?.isAhead === true ? (
          <span className="block text-sm font-semibold text-amber">
            Their clock: {words.date(clock.now)} {words.time(clock.now)}
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
  const title = buyer?.title ?? '';
  const clock = buyer === undefined ? undefined : clocks.get(customerIdOf(buyer));
  const today = clock === undefined ? '' : words.date(clock.now);
  const notes: Readonly<Record<string, readonly ['green' | 'amber', string]>> = {
    loaded: ['green', 'The sample data is loaded.'],
    reset: ['green', `“${title}” is as it was, from today: ${today}. Open sessions of theirs are over.`],
    no_sample: ['amber', `“${title}” isn’t loaded.`],
    no_payment: ['amber', `“${title}” has no payment ahead to move to.`],
    too_far: ['amber', `The clock of “${title}” can’t go there: it moves forward only, 366 days at most.`],
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

function Notes() {
  return (
    <Section id="more" title="How this works">
      <ul className="m-0 list-disc space-y-1 ps-5">
        <li>
          The sample shop stands for your site. Its button posts to the shop’s server, which mints a portal session over
          signed HTTP and answers 303 to the link.
        </li>
        <li>Cards and wallets are added on the simulated provider’s page. It lists the numbers it takes.</li>
        <li>A link works once. “Manage billing” in the shop makes a new one each time.</li>
      </ul>
    </Section>
  );
}
