import { draw, type Page } from '@/app/(portal)/_page/draw.tsx';
import { loadSection } from '@/app/(portal)/_page/load-section.ts';
import { portalAct, portalPage, seeDone } from '@/app/(portal)/_page/portal-page.tsx';
import { Button } from '@/components/ui/button.tsx';
import { Notice } from '@/components/ui/notice.tsx';
import { Section } from '@/components/ui/section.tsx';
import { type ListedAct, listActsOf } from '@/lib/data/audit-lines.ts';
import { listBrowserSessions } from '@/lib/data/browser-sessions.ts';
import { listSubscriptions } from '@/lib/data/subscriptions.ts';
import { type BrowserSession, sessionState } from '@/lib/domain/browser-session.ts';
import { readId } from '@/lib/domain/ids.ts';
import { dayMs } from '@/lib/domain/time.ts';
import { endOtherBrowserSessions } from '@/lib/operations/end-other-browser-sessions.ts';
import { type ActWords, SessionCard } from './_components/session-card.tsx';

/** The ledger tells of sessions entered in this time. */
const ledgerMs = 90 * dayMs;

export const GET = portalPage(async (page) => {
  const { words, done, now } = page;
  const sessions = page.workspace.configuration.sessionLedger
    ? await listBrowserSessions(page.on.read, page.viewer, now - ledgerMs)
    : [page.session];
  const acts = await readActs(page, sessions);
  const others = sessions.filter((one) => one.id !== page.session.id);
  const live = others.filter((one) => sessionState(one, now, page.on.epoch) === 'live');
  const past = others.filter((one) => sessionState(one, now, page.on.epoch) !== 'live');
  const card = (session: BrowserSession) => <SessionCard key={session.id} page={page} session={session} acts={acts} />;
  return draw(page, {
    title: words.t('sessions.title'),
    note:
      done?.code === 'sessions_ended' ? (
        <Notice tone="green" result>
          {words.t('sessions.ended', { n: Number(done.facts.n ?? 0) })}
        </Notice>
      ) : null,
    body: (
      <>
        <ul className="mt-4">{card(page.session)}</ul>
        {page.workspace.configuration.sessionLedger ? (
          <>
            <Section id="others" title={words.t('sessions.others')}>
              {live.length === 0 ? (
                <p>{words.t('sessions.othersEmpty')}</p>
              ) : (
                <>
                  <ul className="space-y-3">{live.map(card)}</ul>
                  <form method="post" action="/sessions" className="mt-4">
                    <input type="hidden" name="form" value={page.formId()} />
                    <Button look="plain">{words.t('sessions.endOthers')}</Button>
                  </form>
                </>
              )}
            </Section>
            {past.length === 0 ? null : (
              <Section id="past" title={words.t('sessions.past')}>
                <ul className="space-y-3">{past.map(card)}</ul>
              </Section>
            )}
          </>
        ) : null}
      </>
    ),
  });
});

/** Ends one other session, or with no `only` all of them. Ending this one is signing out. */
export const POST = portalAct({ sensitive: false, again: () => '/sessions' }, async (act) => {
  const named = act.form.get('only');
  const only = named === null ? null : readId<'browserSession'>(named);
  // A malformed id is a session that is not there: nothing is ended, least of all everything.
  if (named === null || only !== null) await endOtherBrowserSessions(act.on, act.viewer, { formId: act.id, only });
  return seeDone(act, '/sessions');
});

/** What was done in these sessions, in words; a failure leaves the sessions without their acts, and says so. */
async function readActs(page: Page, sessions: readonly BrowserSession[]): Promise<ActWords> {
  const { on, viewer } = page;
  const loaded = await loadSection(page, async () => {
    const actors = sessions.map(({ id }) => `viewer:${id}` as const);
    const acts: ListedAct[] = await listActsOf(on.read, viewer, actors);
    const subscriptions = await listSubscriptions(on.read, viewer);
    return { acts, plans: new Map<string, string>(subscriptions.map((one) => [one.subscription.id, one.plan.name])) };
  });
  return loaded.ok ? loaded.value : null;
}
