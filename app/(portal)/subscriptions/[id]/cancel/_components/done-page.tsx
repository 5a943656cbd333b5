import type { ReactNode } from 'react';
import { ClockLink } from '@/app/(portal)/_page/clock-link.tsx';
import { draw, type Page } from '@/app/(portal)/_page/draw.tsx';
import { loadSection } from '@/app/(portal)/_page/load-section.ts';
import type { SubscriptionView } from '@/app/(portal)/subscriptions/_page/subscription-page.ts';
import { UndoForm } from '@/app/(portal)/subscriptions/_page/undo-form.tsx';
import { BackLink } from '@/components/portal/back-link.tsx';
import { ButtonLink } from '@/components/ui/button.tsx';
import { Link } from '@/components/ui/link.tsx';
import { Notice } from '@/components/ui/notice.tsx';
import type { FieldProblem } from '@/components/ui/problems.tsx';
import { findCertificate } from '@/lib/data/cancellation-certificates.ts';
import { canUndoCancellation, type OwedInvoice } from '@/lib/domain/cancellation.ts';
import type { Certificate } from '@/lib/domain/certificate.ts';
import { amountDue } from '@/lib/domain/invoice.ts';
import { isEnded, standingOf } from '@/lib/domain/subscription-standing.ts';
import { type FeedbackDraft, ReasonForm } from './reason-form.tsx';
import { owedLines } from './truth-rows.ts';

export type Done = {
  /** An undo was refused: too late, or not the buyer's to take back. */
  readonly refusedUndo?: boolean;
  /** A reason that was refused: its problems, and what was typed. */
  readonly feedback?: { readonly problems: readonly FieldProblem[]; readonly draft: FeedbackDraft };
};

/** Step two, at the same address for good: what ends when, the proof, the way to take it back, the question after. */
export async function answerDone(page: Page, view: SubscriptionView, done: Done = {}): Promise<Response> {
  const { words, viewer } = page;
  const { subscription, plan } = view.planned;
  const standing = standingOf(subscription, viewer.now);
  const ended = standing.is === 'ended';
  const certificate = await loadSection(page, () => findCertificate(page.on.read, viewer, subscription.id));
  const proof = certificate.ok ? certificate.value : null;
  const thanks = page.done?.code === 'feedback_sent' && page.done.facts.subscriptionId === subscription.id;
  const isTooLate = done.refusedUndo === true && ended;
  const who = whoEndedIt(page, view, ended);
  const hasProblems = done.feedback !== undefined;
  return draw(page, {
    title: ended
      ? words.t('cancel.doneEnded', { plan: plan.name })
      : words.t('cancel.doneEnds', {
          plan: plan.name,
          when: words.when(subscription.cancelAt ?? subscription.currentPeriodEnd),
        }),
    titleIsResult: !thanks && !isTooLate && !hasProblems,
    ...(done.refusedUndo === true ? { status: 409 } : hasProblems ? { status: 400 } : {}),
    note: noteOf(page, isTooLate, thanks),
    ...(done.feedback === undefined ? {} : { problems: done.feedback.problems }),
    body: (
      <div className="mt-4 space-y-3">
        {who === null ? null : <p className="num">{who}</p>}
        {chargeLines(page, view).map((line) => (
          <p key={line} className="num">
            {line}
          </p>
        ))}
        {proof === null ? null : <Proof page={page} certificate={proof} />}
        {canUndoCancellation(subscription, viewer.now) ? <UndoForm page={page} view={view} /> : null}
        <Onward page={page} view={view} ended={ended} />
        {asksWhy(page, view, proof) && !thanks ? (
          <ReasonForm page={page} subscriptionId={subscription.id} draft={done.feedback?.draft ?? null} />
        ) : null}
      </div>
    ),
  });
}

function noteOf({ words, workspace }: Page, isTooLate: boolean, thanks: boolean): ReactNode {
  if (isTooLate) {
    return (
      <Notice tone="amber" result>
        {words.t('cancel.tooLate')}
      </Notice>
    );
  }
  if (!thanks) return null;
  return (
    <Notice tone="green" result>
      {words.t('cancel.reason.thanks', { merchant: workspace.brand.name })}
    </Notice>
  );
}

/** By whom it was ended, and, seen again later, that nothing more was needed. Empty right after the deed. */
function whoEndedIt(page: Page, { planned }: SubscriptionView, ended: boolean): string | null {
  const { words, workspace, done } = page;
  const { subscription, plan } = planned;
  const { canceledReason, canceledAt, cancelAt, endedAt } = subscription;
  const merchant = workspace.brand.name;
  const end = endedAt ?? cancelAt ?? canceledAt ?? subscription.currentPeriodEnd;
  if (canceledReason === 'customer_portal' || canceledReason === 'user_request') {
    if (done?.code === 'cancelled' && done.facts.subscriptionId === subscription.id) return null;
    const at = canceledAt ?? end;
    return words.t('cancel.again', { date: words.date(at), time: words.time(at) });
  }
  if (canceledReason === 'failed_payment') {
    return ended
      ? words.t('cancel.byFailure', { date: words.date(end) })
      : words.t('cancel.endedOn', { plan: plan.name, date: words.date(end) });
  }
  if (canceledReason === null && !ended) return words.t('cancel.fixedTerm', { when: words.when(end) });
  return ended
    ? words.t('cancel.byMerchant', { merchant, date: words.date(end) })
    : words.t('cancel.byMerchantPlanned', { merchant, when: words.when(end) });
}

/** "You won't be charged again", or what is still owed and what happens to it; both where both are so. */
function chargeLines(page: Page, view: SubscriptionView): string[] {
  const { words } = page;
  const { planned, unpaid, next } = view;
  const charged =
    next === null ? words.t('cancel.notCharged') : words.t('cancel.nextUsage', { date: words.date(next.at) });
  if (unpaid === null) return [charged, words.t('cancel.unavailable')];
  const open = unpaid.filter((one) => one.subscriptionId === planned.subscription.id && amountDue(one) > 0);
  const owed = open.map((one) => ({
    rule: one.collectionStoppedAt === null ? ('keep_due' as const) : ('stop_collection' as const),
    invoice: {
      id: one.id,
      money: { amount: amountDue(one), currency: one.currency },
      periodStart: one.periodStart,
      nextAttemptAt: one.nextAttemptAt,
    } satisfies OwedInvoice,
  }));
  const lines = owed.flatMap(({ rule, invoice }) => owedLines(page, view, [invoice], rule));
  return owed.some(({ rule }) => rule === 'keep_due') ? lines : [charged, ...lines];
}

function Proof({ page, certificate }: { page: Page; certificate: Certificate }) {
  const { words } = page;
  const { number, issuedAt, takenBackAt } = certificate;
  const values = {
    number,
    date: words.date(issuedAt),
    time: words.time(issuedAt),
    zone: words.zoneName(issuedAt),
  };
  return (
    <div>
      <p className="num">{words.t('cancel.certificate', values)}</p>
      {takenBackAt === null ? null : (
        <p className="num text-quiet">{words.t('cancel.takenBack', { date: words.date(takenBackAt) })}</p>
      )}
      <p className="mt-2">
        <ButtonLink href={`/subscriptions/${certificate.subscriptionId}/cancel/certificate`} download>
          {words.t('cancel.download')}
        </ButtonLink>
      </p>
    </div>
  );
}

function Onward({ page, view, ended }: { page: Page; view: SubscriptionView; ended: boolean }) {
  const { words, workspace, back } = page;
  const again = workspace.configuration.subscribeAgainUrl;
  const { subscription, plan } = view.planned;
  return (
    <div className="flex flex-wrap items-center gap-x-6 gap-y-2">
      <BackLink words={words} back={back} look="button" />
      <Link href={`/subscriptions/${subscription.id}`}>{words.t('cancel.subscription', { plan: plan.name })}</Link>
      {ended && again !== null ? <Link href={again}>{words.t('cancel.subscribeAgain')}</Link> : null}
      <ClockLink page={page} />
    </div>
  );
}

/** The merchant asks after a cancellation made here, while it stands. */
function asksWhy({ workspace, viewer }: Page, { planned }: SubscriptionView, certificate: Certificate | null): boolean {
  const { subscription } = planned;
  const isCancelled = subscription.cancelAt !== null || isEnded(subscription, viewer.now);
  const stands = certificate !== null && certificate.takenBackAt === null;
  return workspace.configuration.cancel.reasons === 'after' && isCancelled && stands;
}
