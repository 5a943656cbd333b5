import { answerPlain, endedWords } from '@/app/(entry)/_page/plain.tsx';
import { BackLink, wayBackOf } from '@/components/portal/back-link.tsx';
import { ButtonLink } from '@/components/ui/button.tsx';
import { Link } from '@/components/ui/link.tsx';
import { failureStatuses } from '@/lib/domain/failures.ts';
import type { Failure } from '@/lib/domain/result.ts';
import { answerSeeOther } from '@/lib/html/answer.ts';
import type { Runtime } from '@/lib/runtime.ts';
import { writeSealedCookie } from '@/lib/session/cookie.ts';
import { findPresence, type Presence } from '@/lib/session/viewer.ts';
import { draw, type Page } from './draw.tsx';

/**
 * An expected no, drawn in the frame with its status, in words and with a way out: never a code, never a stack.
 * `conflict` is for pages that cannot show the new state themselves.
 */
export async function answerTrouble(page: Page, failure: Failure): Promise<Response> {
  const { t } = page.words;
  const ref = page.requestId.slice(-8);
  const merchant = page.workspace.brand.name;
  const contact = page.workspace.configuration.supportUrl ?? mailto(page.workspace.configuration.supportEmail);
  const wordsFor: Partial<Record<Failure['code'], { title: string; text: string }>> = {
    not_found: { title: t('common.notFoundTitle'), text: t('common.notFoundText') },
    not_offered: { title: t('common.notOffered', { merchant }), text: '' },
    conflict: { title: t('common.changedElsewhere'), text: '' },
    rate_limited: {
      title: t('common.tooManyTitle'),
      text: t('common.tooMany', { n: Number(failure.facts?.seconds ?? 60) }),
    },
    payload_too_large: { title: t('common.tooLarge'), text: '' },
    unsupported_media_type: { title: t('common.formUnreadable'), text: '' },
    validation_error: { title: t('common.formUnreadable'), text: '' },
    service_unavailable: { title: t('common.closedTitle'), text: t('common.closedText') },
  };
  const said = wordsFor[failure.code] ?? { title: t('common.brokenTitle'), text: t('common.brokenReading', { ref }) };
  return draw(page, {
    title: said.title,
    status: failureStatuses[failure.code],
    body: (
      <div className="mt-4 space-y-4">
        {said.text === '' ? null : <p>{said.text}</p>}
        {failure.code === 'not_offered' && contact !== null ? (
          <Link href={contact}>{t('frame.contact', { merchant })}</Link>
        ) : null}
        <p>
          <ButtonLink href="/">{t('common.overview')}</ButtonLink>
        </p>
      </div>
    ),
  });
}

type Gone = Exclude<Presence, { state: 'live' }>;

type Ended =
  | { readonly kind: 'reading'; readonly presence: Gone }
  | { readonly kind: 'writing'; readonly presence: Gone }
  | { readonly kind: 'origin_refused' }
  | {
      readonly kind: 'broken';
      readonly code: 'internal_error' | 'service_unavailable';
      readonly doing: 'reading' | 'writing';
      readonly requestId: string;
    };

/** Answers where no viewer stands: the session is over or was never here, the form is foreign, or we broke. */
export async function answerEndedSession(on: Runtime, request: Request, ended: Ended): Promise<Response> {
  if (ended.kind === 'reading' && ended.presence.state === 'ended') {
    const { session, workspace } = ended.presence;
    const note = await writeSealedCookie(on, 'note', {
      merchant: workspace?.brand.name ?? '',
      returnUrl: session.returnUrl,
      why: ended.presence.why,
    });
    return answerSeeOther('/signed-out', [note]);
  }
  if (ended.kind === 'reading')
    return answerPlain(request, 401, (words) => ({
      title: words.t('link.noSessionTitle'),
      body: <NoSession on={on} text={words.t('link.noSessionText')} preview={words.t('link.preview')} />,
    }));
  if (ended.kind === 'writing') {
    const { presence } = ended;
    return answerPlain(request, 401, (words) => {
      const said =
        presence.state === 'ended'
          ? endedWords(words, presence.why, presence.session, presence.workspace)
          : { title: words.t('link.noSessionTitle'), text: words.t('link.noSessionText') };
      return {
        title: said.title,
        body: (
          <>
            <p>{said.text}</p>
            <p>{words.t('signedOut.nothingSent')}</p>
            {presence.state === 'ended' && presence.workspace !== null ? (
              <BackLink
                words={words}
                back={wayBackOf(presence.workspace.brand.name, presence.session.returnUrl)}
                look="button"
              />
            ) : null}
          </>
        ),
      };
    });
  }
  const back = await findWayBack(on, request);
  if (ended.kind === 'origin_refused') {
    return answerPlain(request, 403, (words) => ({
      title: words.t('common.originRefusedTitle'),
      body: (
        <>
          <p>{words.t('common.originRefused')}</p>
          <ButtonLink href="/" look="main">
            {words.t('common.openPageAgain')}
          </ButtonLink>
          {back === null ? null : <BackLink words={words} back={back} />}
        </>
      ),
    }));
  }
  const ref = ended.requestId.slice(-8);
  return answerPlain(request, failureStatuses[ended.code], (words) => ({
    title: words.t(ended.code === 'service_unavailable' ? 'common.closedTitle' : 'common.brokenTitle'),
    body: (
      <>
        <p>
          {ended.code === 'service_unavailable'
            ? words.t('common.closedText')
            : words.t(ended.doing === 'reading' ? 'common.brokenReading' : 'common.brokenWriting', { ref })}
        </p>
        <ButtonLink href={new URL(request.url).pathname} look="main">
          {words.t('common.tryAgain')}
        </ButtonLink>
        {back === null ? null : <BackLink words={words} back={back} />}
      </>
    ),
  }));
}

/** The way back of the session in this browser, dead or alive, if it can be read. */
async function findWayBack(on: Runtime, request: Request) {
  const presence = await findPresence(on, request).catch(() => ({ state: 'none' }) as const);
  if (presence.state === 'none' || presence.workspace === null) return null;
  return wayBackOf(presence.workspace.brand.name, presence.session.returnUrl);
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

function mailto(email: string | null): string | null {
  return email === null ? null : `mailto:${email}`;
}
