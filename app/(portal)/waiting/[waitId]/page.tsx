import { notFound, redirect } from 'next/navigation';
import { findJourney, followVisit, isJourneyWaiting, type Journey } from '@/app/(portal)/_page/follow-visit.ts';
import { resultPlace } from '@/app/(portal)/_page/journey-place.ts';
import { findPastDueLine } from '@/app/(portal)/_page/past-due-line.ts';
import { wayBackOf } from '@/components/portal/back-link.tsx';
import { Frame } from '@/components/portal/frame.tsx';
import { PlainPage } from '@/components/portal/plain-page.tsx';
import { ButtonLink } from '@/components/ui/button.tsx';
import { Facts } from '@/components/ui/facts.tsx';
import { findInvoice } from '@/lib/data/invoices.ts';
import { closesAt } from '@/lib/domain/browser-session.ts';
import { newId, type ProviderVisitId, readId } from '@/lib/domain/ids.ts';
import type { Invoice } from '@/lib/domain/invoice.ts';
import { isInFlow } from '@/lib/domain/portal-flow.ts';
import type { Viewer } from '@/lib/domain/viewer.ts';
import type { Workspace } from '@/lib/domain/workspace.ts';
import type { Words } from '@/lib/i18n/words.ts';
import { errorFields } from '@/lib/log.ts';
import type { Runtime } from '@/lib/runtime.ts';
import { findPagePresence, type PagePresence } from '@/lib/session/page-presence.ts';
import { openRedirect } from '@/lib/session/provider-return.ts';
import { returnAddress } from '@/lib/session/return-address.ts';
import { CopiedNumber } from './_components/copied-number.tsx';
import { Watch } from './_components/watch.tsx';

type Props = { params: Promise<{ waitId: string }> };

/** Waits for the provider. With script it looks by itself; without, "Check again" asks. */
export default async function WaitingPage({ params }: Props) {
  const { on, presence, words } = await findPagePresence();
  // The overview says what ended or broke, and why.
  if (presence.state !== 'live') redirect('/');
  const { viewer, session, customer, workspace } = presence;
  const { waitId } = await params;
  const id = readId<'providerVisit'>(waitId);
  const read = id === null ? null : await readWait(on, viewer, id, words);
  if (read === null) notFound();
  if ('ref' in read)
    return <Broken words={words} workspace={workspace} here={`/waiting/${waitId}`} reference={read.ref} />;
  const { journey, invoice, pastDue } = read;
  if (!isJourneyWaiting(journey)) redirect(resultPlace(journey));
  const { t } = words;
  const isPaying = isPayment(journey);
  return (
    <Frame
      words={words}
      workspace={workspace}
      back={wayBackOf(workspace.brand.name, await returnAddress(on, session, workspace, 'live'))}
      account={customer.email ?? customer.name ?? customer.id}
      here={`/waiting/${waitId}`}
      current={isPaying ? 'invoices' : 'paymentMethods'}
      closesAt={closesAt(session)}
      now={on.now()}
      testTools={null}
      inFlow={session.flow !== null && isInFlow(session.flow, resultPlace(journey).split('?')[0] ?? '')}
      pastDue={pastDue}
    >
      <Watch
        statusPath={`/waiting/${waitId}/status`}
        here={`/waiting/${waitId}`}
        words={{
          waiting: t(isPaying ? 'pay.waitingTitle' : 'pay.settingUpTitle'),
          ready: t('pay.ready'),
          merchant: workspace.brand.name,
          checking: t('pay.stillChecking'),
          stopped: t('pay.stoppedChecking'),
          checkAgain: t('pay.checkAgain'),
          seeResult: t('pay.seeResult'),
        }}
      >
        <Waiting on={on} words={words} journey={journey} invoice={invoice} />
      </Watch>
    </Frame>
  );
}

type Wait = {
  readonly journey: Journey;
  readonly invoice: Invoice | null;
  readonly pastDue: Awaited<ReturnType<typeof findPastDueLine>>;
};

/** Everything the page shows, null where there is nothing of this buyer; what breaks is logged under `ref`. */
async function readWait(
  on: Runtime,
  viewer: Viewer,
  id: ProviderVisitId,
  words: Words,
): Promise<Wait | { readonly ref: string } | null> {
  try {
    const known = await findJourney(on, viewer, id);
    if (known === null) return null;
    const journey = await followVisit(on, known.visit, { locale: words.locale });
    const invoiceId = journey.payment?.attempt.invoiceId ?? journey.visit.invoiceId;
    const invoice = invoiceId === null ? null : await findInvoice(on.read, viewer, invoiceId);
    const pastDue = isPayment(journey) ? null : await findPastDueLine(on.read, viewer, words);
    return { journey, invoice, pastDue };
  } catch (thrown) {
    const requestId = newId('request', on.now(), on.random);
    on.log('error', 'page.failed', { requestId, route: '/waiting', ...errorFields(thrown) });
    return { ref: requestId.slice(-8) };
  }
}

function isPayment({ visit, payment }: Journey): boolean {
  return visit.purpose !== 'add_method' || payment !== null;
}

/** A page that runs Next's client would answer a throw with an empty document: it says what happened itself. */
function Broken({
  words,
  workspace,
  here,
  reference,
}: {
  words: Words;
  workspace: Workspace;
  here: string;
  reference: string;
}) {
  const { t } = words;
  return (
    <PlainPage words={words} title={t('common.brokenTitle')} test={workspace.mode === 'test'} here={null}>
      <title>{t('common.error', { title: t('common.brokenTitle') })}</title>
      <p>{t('common.brokenReading', { ref: reference })}</p>
      <ButtonLink href={here} look="main">
        {t('pay.checkAgain')}
      </ButtonLink>
    </PlainPage>
  );
}

function Waiting({
  on,
  words,
  journey,
  invoice,
}: {
  on: PagePresence['on'];
  words: Words;
  journey: Journey;
  invoice: Invoice | null;
}) {
  const { t } = words;
  const { visit, payment } = journey;
  const provider = on.providers.byAdapter(visit.adapter)?.capabilities.name ?? visit.adapter;
  const { transfer } = visit.outcome;
  const attempt = payment?.attempt ?? null;
  const amount =
    attempt === null || invoice === null ? '' : words.money({ amount: attempt.amount, currency: invoice.currency });
  if (transfer !== null) {
    const goOn = openRedirect(on, visit);
    return (
      <div className="mt-2 max-w-xl">
        <Facts
          facts={[
            { term: t('pay.bank'), value: transfer.bank },
            {
              term: t('pay.account'),
              value: <CopiedNumber number={transfer.number} copy={t('pay.copy')} copied={t('pay.copied')} />,
            },
            { term: t('pay.exactAmount'), value: <strong className="num text-xl">{amount}</strong> },
          ]}
        />
        <p className="mt-2 font-semibold">
          {t('pay.payBefore', { time: words.time(transfer.payBefore), date: words.date(transfer.payBefore) })}
        </p>
        <p>{t('pay.whenItArrives')}</p>
        {goOn === null ? null : (
          <p className="mt-4">
            <ButtonLink href={goOn}>{t('pay.goOn', { provider })}</ButtonLink>
          </p>
        )}
      </div>
    );
  }
  if (attempt === null && visit.purpose === 'add_method') {
    const isUnknown = visit.status === 'unknown';
    return <p className="mt-2">{isUnknown ? t('paymentMethods.unknown') : t('pay.settingUpText', { provider })}</p>;
  }
  if (attempt === null || attempt.providerReference === null) return <p className="mt-2">{t('pay.unknown')}</p>;
  return <p className="mt-2">{t('pay.waitingText', { amount, method: words.method(attempt.methodName) })}</p>;
}
