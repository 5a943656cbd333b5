import type { Page } from '@playwright/test';
import { expect } from '@playwright/test';
import type { Buyer } from '@/e2e/buyer-lines.ts';
import { buyerLines, newOwn } from '@/e2e/buyer-lines.ts';
import { test } from '@/e2e/fixtures.ts';
import type { HttpBrowser } from '@/e2e/http-browser.ts';
import { freshFormId, openHttpBrowser } from '@/e2e/http-browser.ts';
import { listPages } from '@/e2e/page-list.ts';
import { layLinks } from '@/e2e/portal-data.ts';
import { bringIn } from '@/e2e/shop.ts';
import { commentLimit } from '@/lib/domain/cancel-feedback.ts';
import type { CustomerId } from '@/lib/domain/ids.ts';
import { attackTexts } from '@/lib/domain/testing/attack-texts.ts';
import type { WorkspaceScope } from '@/lib/domain/viewer.ts';
import { createWorkspace } from '@/lib/operations/create-workspace.ts';
import type { Runtime } from '@/lib/runtime.ts';

/** Every field a merchant or a customer fills and a page may show, with the characters it takes. */
const sinks = {
  brandName: 120,
  brandLegalName: 255,
  brandAddress: 500,
  brandTaxId: 64,
  brandPhone: 64,
  supportEmail: 200,
  taxLabel: 40,
  thankYouText: 200,
  footerText: 200,
  disabledMessage: 500,
  customerName: 255,
  customerEmail: 200,
  customerLegalName: 255,
  customerAddress: 500,
  customerTaxId: 64,
  customerLocale: 500,
  customerNote: 500,
  methodBrand: 40,
  otherMethodBrand: 40,
  methodLabel: 64,
  plan: 255,
  otherPlan: 255,
  planDescription: 1_000,
  included: 200,
  alsoIncluded: 200,
  lineDescription: 500,
  discountLabel: 120,
  invoiceNumber: 50,
  chargeReference: 255,
  comment: 500,
} as const;

type Sink = keyof typeof sinks;
type Texts = Readonly<Record<Sink, string>>;

const names = Object.keys(sinks) as Sink[];

/** No page of a buyer shows these today; documents have some of them. */
const unseen: readonly Sink[] = [
  'brandPhone',
  'thankYouText',
  'footerText',
  'customerLocale',
  'customerNote',
  'planDescription',
  'discountLabel',
];

/** The pages that are opened for every text: between them they show every field. The others take turns. */
const always: readonly string[] = [
  'entry',
  'payment methods',
  'invoice, paid',
  'receipt',
  'cancel',
  'cancel, past due',
  'reason refused',
];

/** Turns under way at once; a divisor of all. */
const lanes = 5;

/** Our own paths, a mail to the merchant, the merchant's site, and nothing else. */
const ours = /^(\/(?!\/)|#|mailto:|http:\/\/shop\.localhost\/|data:,$|$)/;

/** What an answer is made of, as the browser's own parser reads it, without running anything. */
type Anatomy = { readonly elements: string[]; readonly addresses: string[]; readonly text: string };

// A trace would keep every page that is parsed here.
test.use({ trace: 'off' });

test('W04 five hundred texts, each in every field a merchant or a customer fills, make no element, attribute or address', async ({
  page,
  beside,
}) => {
  test.setTimeout(900_000);
  expect(attackTexts.length).toBe(500);
  await page.goto('about:blank');
  const plainly = Object.fromEntries(names.map((name) => [name, `plain-${name}`])) as Texts;
  const plain = await anatomise(page, await readPages(beside, await open(beside, plainly), () => true));
  const shown = names.filter((name) => [...plain.values()].some(({ text }) => text.includes(plainly[name])));
  expect(names.filter((name) => !shown.includes(name))).toEqual(unseen);
  const others = [...plain.keys()].filter((name) => !always.includes(name));
  const takeTurn = async (turn: number): Promise<void> => {
    const texts = textsOf(turn);
    const opened = await open(beside, texts);
    const isWanted = (name: string) => always.includes(name) || name === others[turn % others.length];
    const anatomies = await anatomise(page, await readPages(beside, opened, isWanted));
    for (const [name, { elements, addresses }] of anatomies) {
      const about = `${name}, turn ${turn}: ${JSON.stringify(texts)}`;
      expect(elements, about).toEqual(plain.get(name)?.elements);
      expect(
        addresses.filter((address) => !ours.test(address)),
        about,
      ).toEqual([]);
    }
    // And it is all there to be read, letter by letter.
    const text = [...anatomies.values()].map((one) => one.text).join('\n');
    expect(shown.filter((name) => !text.includes(texts[name])).map((name) => `${name}: ${texts[name]}`)).toEqual([]);
  };
  for (let turn = 0; turn < attackTexts.length / 2; turn += lanes) {
    await Promise.all(Array.from({ length: lanes }, (_, lane) => takeTurn(turn + lane)));
  }
});

const isEmail = /Email$/;

/**
 * In each turn every field has two texts of its own, or one where it takes no more than a few words; those short fields
 * meet the other half of the texts in the documents.
 */
function textsOf(turn: number): Texts {
  const entries = names.map((name, place) => {
    const at = (2 * turn + place * 17) % attackTexts.length;
    const [first = '', second = ''] = [attackTexts[at], attackTexts[(at + 1) % attackTexts.length]];
    const isShort = sinks[name] < 120;
    const cut = (isShort ? first : `${first} ${second}`).slice(0, sinks[name]).trim();
    return [name, isEmail.test(name) ? cut.replace(/[\s@]/g, '') : cut];
  });
  return Object.fromEntries(entries) as Texts;
}

/** A workspace with one buyer, whose every field holds its text. */
async function open(on: Runtime, texts: Texts): Promise<{ scope: WorkspaceScope; buyer: Buyer; texts: Texts }> {
  const made = await createWorkspace(on, {
    name: texts.brandName,
    brand: {
      name: texts.brandName,
      country: 'ID',
      legalName: texts.brandLegalName,
      address: texts.brandAddress,
      taxId: texts.brandTaxId,
      phone: texts.brandPhone,
      receipt: { taxLabel: texts.taxLabel, thankYouText: texts.thankYouText, footerText: texts.footerText },
    },
    configuration: {
      // No mail is offered to what is no address, and the plain page would differ by that form.
      receipts: { emailTo: 'off' },
      supportEmail: `${texts.supportEmail}@shop.example`,
      cancel: { disabledMessage: texts.disabledMessage },
    },
  });
  if (!made.ok) throw new Error(JSON.stringify([made.failure, texts]));
  const scope: WorkspaceScope = { workspaceId: made.value.workspaceId, mode: 'test' };
  const { lines, buyer } = buyerLines(newOwn(), on.now(), {
    name: texts.customerName,
    email: `${texts.customerEmail}@example.com`,
    legalName: texts.customerLegalName,
    address: texts.customerAddress,
    taxId: texts.customerTaxId,
    metadata: { locale: texts.customerLocale, note: texts.customerNote },
    methods: [{ brand: texts.methodBrand }, { brand: texts.otherMethodBrand }, {}],
    subscriptions: [
      { plan: texts.plan, includes: [texts.included, texts.alsoIncluded], lineText: texts.lineDescription },
      { plan: texts.otherPlan, amount: 99_000, isPastDue: true, features: { selfServeCancel: false } },
    ],
  });
  let place = 0;
  const filled = lines.map((line) => {
    const record = JSON.parse(line);
    place += 1;
    const { last4: _last4, expMonth: _expMonth, expYear: _expYear, ...wallet } = record;
    if (record.id === buyer.methods[2]) return { ...wallet, type: 'ewallet', brand: 'ovo', label: texts.methodLabel };
    if (record.object === 'plan') return { ...record, description: texts.planDescription };
    if (record.id === buyer.subscriptions[0]?.id) {
      return { ...record, discount: { label: texts.discountLabel, amount: 1_000 } };
    }
    if (record.object !== 'invoice') return record;
    const tax = 1_000;
    const total = record.total + tax;
    return {
      ...record,
      number: `${texts.invoiceNumber} ${place}`,
      tax,
      total,
      amountPaid: record.status === 'paid' ? total : 0,
      ...(record.chargeId === undefined ? {} : { chargeId: `${texts.chargeReference} ${place}` }),
    };
  });
  await bringIn(
    on,
    scope,
    filled.map((record) => JSON.stringify(record)),
  );
  return { scope, buyer, texts };
}

/** The wanted pages of a buyer as they were answered; at the end a refused reason, which repeats what was typed. */
async function readPages(
  on: Runtime,
  { scope, buyer, texts }: Awaited<ReturnType<typeof open>>,
  isWanted: (name: string) => boolean,
): Promise<Map<string, string>> {
  const { origin } = on.config;
  const browser = openHttpBrowser(origin);
  const key = { origin, keyId: '', secret: '' };
  const [link] = await layLinks(on, { scope, key, customers: [buyer.customerId as CustomerId] }, 1);
  const token = link?.token ?? '';
  const bodies = new Map([['entry', (await browser.get(`/p/${token}`)).body]]);
  expect((await browser.post('/enter', { token, arrival: 'cold' })).status).toBe(303);
  for (const { name, path, status } of await listPages(on, buyer)) {
    if (!isWanted(name)) continue;
    const answer = await browser.get(path);
    expect([status, 403], `${name}: ${JSON.stringify(texts)}`).toContain(answer.status);
    bodies.set(name, answer.body);
  }
  const cancel = `/subscriptions/${buyer.subscriptions[0]?.id}/cancel`;
  const question = bodies.get('cancel') ?? '';
  bodies.set('reason refused', await refuseReason(browser, cancel, question, texts.comment));
  return bodies;
}

async function refuseReason(browser: HttpBrowser, cancel: string, question: string, comment: string): Promise<string> {
  const [, name = '', value = ''] = /name="(promised[^"]*)" value="([^"]*)"/.exec(question) ?? [];
  const done = await browser.post(cancel, { [name]: value, timing: 'period_end', form: freshFormId() });
  expect(done.status).toBe(303);
  const answer = await browser.post(`${cancel}/reason`, {
    comment: `${comment} ${'x'.repeat(commentLimit)}`,
    form: freshFormId(),
  });
  expect(answer.status).toBe(400);
  return answer.body;
}

/** Reads answers with the browser's parser: it makes the elements a browser would, and runs none of them. */
async function anatomise(page: Page, bodies: ReadonlyMap<string, string>): Promise<Map<string, Anatomy>> {
  const read = await page.evaluate(
    (all) =>
      all.map((html) => {
        const parsed = new DOMParser().parseFromString(html, 'text/html');
        const every = [...parsed.querySelectorAll('*')];
        const values = every.flatMap((element) => [...element.attributes].map(({ value }) => value));
        return {
          elements: every.map((element) => `${element.localName} ${element.getAttributeNames().sort().join(' ')}`),
          addresses: every.flatMap((element) =>
            ['href', 'src', 'action', 'formaction', 'srcset', 'style', 'poster', 'data', 'xlink:href'].flatMap(
              (name) => element.getAttribute(name) ?? [],
            ),
          ),
          text: `${parsed.documentElement.textContent}\n${values.join('\n')}`,
        };
      }),
    [...bodies.values()],
  );
  return new Map(
    [...bodies.keys()].map((name, index) => [name, read[index] ?? { elements: [], addresses: [], text: '' }]),
  );
}
