import { answerPlain, endedWords } from '@/app/(entry)/_page/plain.tsx';
import { BackLink, type WayBack, wayBackOf } from '@/components/portal/back-link.tsx';
import { ButtonLink } from '@/components/ui/button.tsx';
import { Link } from '@/components/ui/link.tsx';
import { findFormOutcome } from '@/lib/data/form-outcomes.ts';
import type { BrowserSession } from '@/lib/domain/browser-session.ts';
import { failureStatuses } from '@/lib/domain/failures.ts';
import type { Failure } from '@/lib/domain/result.ts';
import type { Workspace } from '@/lib/domain/workspace.ts';
import { contactOf } from '@/lib/domain/workspace.ts';
import { answerSeeOther } from '@/lib/html/answer.ts';
import type { Words } from '@/lib/i18n/words.ts';
import type { Runtime } from '@/lib/runtime.ts';
import { readSealedCookie, writeSealedCookie } from '@/lib/session/cookie.ts';
import { readForm } from '@/lib/session/form.ts';
import { keepChoices } from '@/lib/session/kept-choices.ts';
import { returnAddress } from '@/lib/session/return-address.ts';
import { findPresence, type Presence } from '@/lib/session/viewer.ts';
import { changedElsewhere } from './changed-elsewhere.ts';
import { draw, type Page } from './draw.tsx';

/**
 * An expected no, drawn in the frame with its status, in words and with a way out: never a code, never a stack.
 * `conflict` is for pages that cannot show the new state themselves. `place` is the page to go on from; else the overview.
 */
export async function answerTrouble(page: Page, failure: Failure, place: string | null = null): Promise<Response> {
  const { t } = page.words;
  const ref = page.requestId.slice(-8);
  const seconds = secondsToWait(page, failure);
  const merchant = page.workspace.brand.name;
  const contact = contactOf(page.workspace);
  const wordsFor: Partial<Record<Failure['code'], { title: string; text: string }>> = {
    not_found: { title: t('common.notFoundTitle'), text: t('common.notFoundText') },
    not_offered: {
      title:
        failure.facts?.why === 'collected' ? t('pay.collects', { merchant }) : t('common.notOffered', { merchant }),
      text: '',
    },
    conflict: { title: changedElsewhere(page, []), text: '' },
    rate_limited: { title: t('common.tooManyTitle'), text: tooManyText(page, seconds) },
    payload_too_large: { title: t('common.tooLarge'), text: '' },
    unsupported_media_type: { title: t('common.formUnreadable'), text: '' },
    validation_error: { title: t('common.formUnreadable'), text: '' },
    service_unavailable: { title: t('common.closedTitle'), text: t('common.closedText') },
  };
  const said = wordsFor[failure.code] ?? { title: t('common.brokenTitle'), text: t('common.brokenReading', { ref }) };
  return draw(page, {
    title: said.title,
    status: failureStatuses[failure.code],
    ...(failure.code === 'rate_limited' ? { headers: { 'Retry-After': String(seconds) } } : {}),
    body: (
      <div className="mt-4 space-y-4">
        {said.text === '' ? null : <p>{said.text}</p>}
        {failure.code === 'not_offered' && contact !== null ? (
          <Link href={contact}>{t('frame.contact', { merchant })}</Link>
        ) : null}
        <p>
          {place === null ? (
            <ButtonLink href="/">{t('common.overview')}</ButtonLink>
          ) : (
            <ButtonLink href={place}>{t('common.openPageAgain')}</ButtonLink>
          )}
        </p>
      </div>
    ),
  });
}

/** How long to wait, as far as the failure says it: `seconds`, or the moment `at`. */
function secondsToWait(page: Page, { facts }: Failure): number {
  if (typeof facts?.at === 'number') return Math.max(1, Math.ceil((facts.at - page.now) / 1_000));
  return Number(facts?.seconds ?? 60);
}

/** "Too many tries. Try again in 12 seconds."; over a minute the time of day instead. */
export function tooManyText({ words, now }: Page, seconds: number): string {
  return seconds <= 60
    ? words.t('common.tooMany', { n: seconds })
    : words.t('common.tooManyUntil', { time: words.time(now + seconds * 1_000) });
}

type Gone = Exclude<Presence, { state: 'live' }>;

type Ended =
  | { readonly kind: 'reading'; readonly presence: Gone }
  /** `keeps`: the form's choices are kept for the next entry. */
  | { readonly kind: 'writing'; readonly presence: Gone; readonly keeps: boolean }
  | { readonly kind: 'form_misused' }
  | { readonly kind: 'origin_refused' }
  | {
      readonly kind: 'broken';
      readonly code: 'internal_error' | 'service_unavailable';
      readonly isReading: boolean;
      readonly requestId: string;
    };

/** Answers where no viewer stands: the session is over or was never here, the form is foreign, or we broke. */
export async function answerEndedSession(on: Runtime, request: Request, ended: Ended): Promise<Response> {
  if (ended.kind === 'reading' && ended.presence.state === 'ended') {
    const { session, workspace } = ended.presence;
    const note = await writeSealedCookie(on, 'note', {
      merchant: workspace?.brand.name ?? '',
      returnUrl: await returnAddress(on, session, workspace, 'over'),
      why: ended.presence.why,
    });
    return answerSeeOther('/signed-out', [note]);
  }
  if (ended.kind === 'reading') {
    // Signed out a moment ago: that page knows the way back.
    const note = await readSealedCookie(on, request, 'note');
    if (typeof note.returnUrl === 'string') return answerSeeOther('/signed-out');
    return answerPlain(
      request,
      401,
      (words) => ({
        title: words.t('link.noSessionTitle'),
        body: <NoSession on={on} text={words.t('link.noSessionText')} preview={words.t('link.preview')} />,
      }),
      { here: new URL(request.url).pathname },
    );
  }
  if (ended.kind === 'writing') return answerUnsent(on, request, ended.presence, ended.keeps);
  const { back, workspace } = await findWayBack(on, request);
  if (ended.kind !== 'broken') {
    const isForeign = ended.kind === 'origin_refused';
    const refused = (words: Words) => ({
      title: words.t(isForeign ? 'common.originRefusedTitle' : 'common.formUnreadable'),
      body: (
        <>
          {isForeign ? <p>{words.t('common.originRefused')}</p> : null}
          <ButtonLink href="/" look="main">
            {words.t('common.openPageAgain')}
          </ButtonLink>
          {back === null ? null : <BackLink words={words} back={back} />}
        </>
      ),
    });
    return answerPlain(request, isForeign ? 403 : 400, refused, { workspace });
  }
  const ref = ended.requestId.slice(-8);
  const isClosed = ended.code === 'service_unavailable';
  const broken = (words: Words) => ({
    title: words.t(isClosed ? 'common.closedTitle' : 'common.brokenTitle'),
    body: (
      <>
        <p>
          {isClosed
            ? words.t('common.closedText')
            : words.t(ended.isReading ? 'common.brokenReading' : 'common.brokenWriting', { ref })}
        </p>
        <ButtonLink href={new URL(request.url).pathname} look="main">
          {words.t('common.tryAgain')}
        </ButtonLink>
        {back === null ? null : <BackLink words={words} back={back} />}
      </>
    ),
  });
  return answerPlain(request, failureStatuses[ended.code], broken, {
    workspace,
    ...(isClosed ? { headers: { 'Retry-After': '5' } } : {}),
  });
}

/**
 * A form arrived and its session is over: said in words, with the way back. A form that was carried out before, and is
 * sent again, is told so; else what was chosen is kept where it decides.
 */
async function answerUnsent(on: Runtime, request: Request, presence: Gone, keeps: boolean): Promise<Response> {
  const session = presence.state === 'ended' ? presence.session : null;
  const workspace = presence.state === 'ended' ? presence.workspace : null;
  const form = session === null ? null : await readForm(request, 8_192);
  const fields = form?.ok === true ? form.value : null;
  const isDone = session !== null && fields !== null && (await wasCarriedOut(on, session, fields.get('form')));
  const path = new URL(request.url).pathname;
  const cookies =
    session !== null && fields !== null && keeps && !isDone
      ? [await keepChoices(on, session.customerId, path, fields)]
      : [];
  const address = session === null ? '' : await returnAddress(on, session, workspace, 'over');
  const unsent = (words: Words) => {
    const said =
      presence.state === 'ended'
        ? endedWords(words, presence.why, presence.session, workspace)
        : { title: words.t('link.noSessionTitle'), text: words.t('link.noSessionText') };
    return {
      title: said.title,
      body: (
        <>
          <p>{said.text}</p>
          <p>{words.t(isDone ? 'signedOut.sent' : 'signedOut.nothingSent')}</p>
          {session === null || workspace === null ? null : (
            <BackLink words={words} back={wayBackOf(workspace.brand.name, address)} look="button" />
          )}
        </>
      ),
    };
  };
  return answerPlain(request, 401, unsent, { workspace, cookies });
}

async function wasCarriedOut(on: Runtime, session: BrowserSession, formId: string | null): Promise<boolean> {
  return formId !== null && (await findFormOutcome(on.read, { browserSessionId: session.id }, formId)) !== null;
}

/** The workspace of the session in this browser, dead or alive, and the way back, as far as they can be read. */
async function findWayBack(
  on: Runtime,
  request: Request,
): Promise<{ workspace: Workspace | null; back: WayBack | null }> {
  const presence = await findPresence(on, request).catch(() => ({ state: 'none' }) as const);
  if (presence.state === 'none' || presence.workspace === null) return { workspace: null, back: null };
  const { workspace, session } = presence;
  const address = await returnAddress(on, session, workspace, presence.state === 'live' ? 'live' : 'over').catch(
    () => session.returnUrl,
  );
  return { workspace, back: wayBackOf(workspace.brand.name, address) };
}

/** With the test tools on, the page without a session leads a developer to the preview. */
function NoSession({ on, text, preview }: { on: Runtime; text: string; preview: string }) {
  return (
    <>
      <p>{text}</p>
      {on.config.testTools ? <ButtonLink href="/test">{preview}</ButtonLink> : null}
    </>
  );
}
