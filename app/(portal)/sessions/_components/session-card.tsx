import type { Page } from '@/app/(portal)/_page/draw.tsx';
import { Button } from '@/components/ui/button.tsx';
import { Card } from '@/components/ui/card.tsx';
import { Chip } from '@/components/ui/chip.tsx';
import { Notice } from '@/components/ui/notice.tsx';
import type { ListedAct } from '@/lib/data/audit-lines.ts';
import { type BrowserSession, sessionState } from '@/lib/domain/browser-session.ts';
import { actText } from './act-text.ts';

/** What was done in the listed sessions, and names of plans by subscription; null when it could not be read. */
export type ActWords = { readonly acts: readonly ListedAct[]; readonly plans: ReadonlyMap<string, string> } | null;

/** One browser session: when and where it was opened, how it stands, what was done in it, and the way to end it. */
export function SessionCard({ page, session, acts }: { page: Page; session: BrowserSession; acts: ActWords }) {
  const { words, now, on } = page;
  const { t } = words;
  const isThis = session.id === page.session.id;
  const isLive = sessionState(session, now, on.epoch) === 'live';
  const own = acts?.acts.filter(({ actor }) => actor === `viewer:${session.id}`) ?? [];
  const told = acts === null ? [] : own.flatMap((act) => actText(words, act, session, acts.plans) ?? []);
  return (
    <li>
      <Card>
        <div className="flex flex-wrap items-start justify-between gap-x-4 gap-y-1">
          <p className="num min-w-0 font-semibold">{openedText(page, session, isThis ? 'this' : 'opened')}</p>
          <StateChip page={page} session={session} />
        </div>
        <Reuse page={page} session={session} acts={own} />
        {isLive && session.binding === 'none' ? <p className="text-quiet">{t('sessions.shortText')}</p> : null}
        <EndedBy page={page} session={session} />
        {isPreview(page, session) ? <p className="text-quiet">{t('sessions.preview')}</p> : null}
        {acts === null ? <p>{t('common.sectionFailed', { section: t('sessions.done') })}</p> : null}
        {told.length === 0 ? null : (
          <ul aria-label={t('sessions.done')} className="num my-2 list-disc ps-5">
            {told.map((text) => (
              <li key={text}>{text}</li>
            ))}
          </ul>
        )}
        <p className="num text-quiet">
          {t('sessions.lastUsedOn', { date: words.date(session.lastSeenAt), time: words.time(session.lastSeenAt) })}
        </p>
        {isThis ? <SignOut page={page} /> : null}
        {!isThis && isLive ? <End page={page} session={session} /> : null}
      </Card>
    </li>
  );
}

/** Was it opened from the sample shop of the test tools? Its way back leads there. */
function isPreview({ on }: Page, { mode, returnUrl }: BrowserSession): boolean {
  return mode === 'test' && returnUrl.startsWith(`${on.config.origin}/test/`);
}

function openedText({ words }: Page, session: BrowserSession, key: 'this' | 'opened'): string {
  const [browser = '', system = ''] = session.agent.split('|');
  const values = { date: words.date(session.enteredAt), time: words.time(session.enteredAt) };
  if (browser === '') return words.t(`sessions.${key}Unknown`, values);
  if (system === '') return words.t(`sessions.${key}Browser`, { ...values, browser });
  return words.t(`sessions.${key}`, { ...values, browser, system });
}

function StateChip({ page, session }: { page: Page; session: BrowserSession }) {
  const { words, now, on } = page;
  const state = sessionState(session, now, on.epoch);
  const isTied = session.binding === 'dbsc' || session.binding === 'webcrypto';
  return (
    <span className="flex flex-wrap gap-2">
      <Chip tone={state === 'live' ? 'green' : 'neutral'}>{words.t(`status.session.${state}`)}</Chip>
      {state === 'live' ? (
        <Chip tone={isTied ? 'green' : 'neutral'}>{words.t(isTied ? 'sessions.tied' : 'sessions.short')}</Chip>
      ) : null}
    </span>
  );
}

/** Somebody else held the link: when, with which browser, and that it did not open. */
function Reuse({ page, session, acts }: { page: Page; session: BrowserSession; acts: readonly ListedAct[] }) {
  const { words } = page;
  if (session.contestedAt === null) return null;
  const agent = acts.findLast(({ act }) => act === 'portal_session.reuse_refused')?.detail.agent;
  const [browser = ''] = typeof agent === 'string' ? agent.split('|') : [];
  const values = { date: words.date(session.contestedAt), time: words.time(session.contestedAt) };
  return (
    <div className="my-2">
      <Notice tone="amber">
        <p className="num">
          {browser === ''
            ? words.t('sessions.reuseUnknown', values)
            : words.t('sessions.reuse', { ...values, browser })}
        </p>
      </Notice>
    </div>
  );
}

function EndedBy({ page, session }: { page: Page; session: BrowserSession }) {
  const { words, workspace } = page;
  if (session.endedReason === null) return null;
  return (
    <p className="text-quiet">
      {session.endedReason === 'ended_by_merchant'
        ? words.t('sessions.byMerchant', { merchant: workspace.brand.name })
        : words.t('sessions.byYou')}
    </p>
  );
}

function End({ page, session }: { page: Page; session: BrowserSession }) {
  const { words } = page;
  const [browser = ''] = session.agent.split('|');
  const values = { date: words.date(session.enteredAt), time: words.time(session.enteredAt) };
  return (
    <form method="post" action="/sessions" className="mt-2">
      <input type="hidden" name="form" value={page.formId()} />
      <input type="hidden" name="only" value={session.id} />
      <Button
        look="plain"
        label={
          browser === '' ? words.t('sessions.endOfUnknown', values) : words.t('sessions.endOf', { ...values, browser })
        }
      >
        {words.t('sessions.end')}
      </Button>
    </form>
  );
}

function SignOut({ page }: { page: Page }) {
  const { t } = page.words;
  return (
    <form method="post" action="/sign-out" className="mt-2">
      <Button look="plain">{t('frame.signOut')}</Button>
    </form>
  );
}
