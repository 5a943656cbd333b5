import { draw, type Page } from '@/app/(portal)/_page/draw.tsx';
import { loadSection } from '@/app/(portal)/_page/load-section.ts';
import { portalPage } from '@/app/(portal)/_page/portal-page.tsx';
import { answerTrouble } from '@/app/(portal)/_page/trouble.tsx';
import { SectionFailed } from '@/components/portal/section-failed.tsx';
import { ButtonLink } from '@/components/ui/button.tsx';
import { Chip } from '@/components/ui/chip.tsx';
import { listUnpaidInvoices } from '@/lib/data/invoices.ts';
import { listPaymentAttempts } from '@/lib/data/payment-attempts.ts';
import { listPaymentMethods } from '@/lib/data/payment-methods.ts';
import { listProviderVisits } from '@/lib/data/provider-visits.ts';
import type { Invoice } from '@/lib/domain/invoice.ts';
import { dutiesOf, type PayingFacts } from '@/lib/domain/method-duties.ts';
import { moneyStyleOf } from '@/lib/domain/money-style.ts';
import type { PaymentMethod } from '@/lib/domain/payment-method.ts';
import type { ProviderVisit } from '@/lib/domain/provider-visit.ts';
import { dayMs } from '@/lib/domain/time.ts';
import { methodNote } from './_components/method-note.tsx';
import { MethodRow } from './_components/method-row.tsx';
import { amountOf, nextOf, readPayingFacts } from './_components/paying-facts.ts';

/** Payment methods: what will be charged for what; add, prefer, remove. */
export const GET = portalPage(async (page) => {
  const { t } = page.words;
  const { paymentMethods: offered } = page.workspace.configuration;
  if (!offered.view) return answerTrouble(page, { code: 'not_offered', message: 'Not shown here.' });
  const listed = await loadSection(page, () => listPaymentMethods(page.on.read, page.viewer));
  const methods = listed.ok ? listed.value : null;
  const read = await loadSection(page, () => readRest(page));
  const facts = read.ok ? read.value.facts : null;
  const visits = read.ok ? read.value.visits : [];
  return draw(page, {
    title: t('paymentMethods.title'),
    current: 'paymentMethods',
    note: facts === null ? null : await methodNote(page, facts),
    body: (
      <>
        {offered.add ? (
          <p className="mt-4">
            <ButtonLink href="/payment-methods/add" look="main">
              {t('paymentMethods.add')}
            </ButtonLink>
          </p>
        ) : null}
        <section aria-labelledby="list" className="mt-6">
          <h2 id="list" tabIndex={-1} className="sr-only">
            {t('paymentMethods.list')}
          </h2>
          {methods === null ? (
            <SectionFailed
              words={page.words}
              section={t('paymentMethods.sectionList')}
              here={page.path}
              requestId={page.requestId}
            />
          ) : methods.length === 0 && visits.length === 0 ? (
            <Empty page={page} facts={facts} />
          ) : (
            <ul className="space-y-3">
              {visits.map((visit) => (
                <PendingRow key={visit.id} page={page} visit={visit} />
              ))}
              {inOrder(page, methods, facts).map((method) => (
                <MethodRow
                  key={method.id}
                  page={page}
                  method={method}
                  facts={facts}
                  failed={read.ok ? (read.value.failed.get(method.id) ?? null) : null}
                />
              ))}
            </ul>
          )}
          <p className="mt-4 text-quiet">{t('paymentMethods.notSaved')}</p>
          <p className="mt-1 text-quiet">{t('paymentMethods.noFallback')}</p>
        </section>
      </>
    ),
  });
});

async function readRest(page: Page) {
  const facts = await readPayingFacts(page);
  const unpaid = await listUnpaidInvoices(page.on.read, page.viewer);
  const attempts = await listPaymentAttempts(
    page.on.read,
    page.viewer,
    unpaid.map((one) => one.id),
  );
  const failed = new Map<string, Invoice>();
  for (const invoice of unpaid) {
    const last = attempts.findLast((one) => one.invoiceId === invoice.id);
    if (last?.status === 'refused' && last.paymentMethodId !== null) failed.set(last.paymentMethodId, invoice);
  }
  const visits = await listProviderVisits(page.on.read, page.viewer, page.now - dayMs);
  const beingSetUp = visits.filter(
    (one) => one.purpose === 'add_method' && (one.status === 'pending' || one.status === 'unknown'),
  );
  return { facts, failed, visits: beingSetUp };
}

/** Default first, then by next use, then as they were added. */
function inOrder(page: Page, methods: readonly PaymentMethod[], facts: PayingFacts | null): PaymentMethod[] {
  const nextUse = (method: PaymentMethod): number => {
    if (method.id === page.customer.defaultPaymentMethodId) return Number.NEGATIVE_INFINITY;
    const nexts = facts === null ? [] : dutiesOf(method, facts, page.viewer.now).map((one) => nextOf(page, one)?.at);
    return Math.min(...nexts.filter((at) => at !== undefined), Number.MAX_SAFE_INTEGER);
  };
  return [...methods].sort((one, other) => nextUse(one) - nextUse(other) || one.createdAt - other.createdAt);
}

function Empty({ page, facts }: { page: Page; facts: PayingFacts | null }) {
  const { t, date } = page.words;
  const nexts = (facts?.subscriptions ?? [])
    .map((one) => nextOf(page, one))
    .filter((next) => next !== null && !next.selfPaid)
    .sort((one, other) => (one?.at ?? 0) - (other?.at ?? 0));
  const next = nexts[0] ?? null;
  const amount = next === null ? null : amountOf(page, next, moneyStyleOf(facts?.subscriptions ?? [], []));
  return (
    <>
      <p>{t('paymentMethods.empty')}</p>
      {facts === null ? null : next === null || amount === null ? (
        <p>{t('paymentMethods.emptyUnneeded')}</p>
      ) : (
        <p>{t('paymentMethods.emptyNeeded', { amount, date: date(next.at) })}</p>
      )}
    </>
  );
}

function PendingRow({ page, visit }: { page: Page; visit: ProviderVisit }) {
  const { t } = page.words;
  const { method } = visit.outcome;
  const name = method === null ? t('paymentMethods.newMethod') : page.words.method(method);
  const shown = visit.mode === 'test' && method !== null ? t('common.methodTest', { method: name }) : name;
  return (
    <li className="rounded-corner border border-line bg-card p-4">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <h3 className="text-lg font-semibold">{shown}</h3>
        <Chip tone="blue">{t('status.method.pending')}</Chip>
      </div>
      <div className="mt-3">
        <ButtonLink href={`/waiting/${visit.id}`} label={t('paymentMethods.checkAgainOf', { method: name })}>
          {t('paymentMethods.checkAgain')}
        </ButtonLink>
      </div>
    </li>
  );
}
