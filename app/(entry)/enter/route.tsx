import { answerBroken } from '@/app/(entry)/_page/broken.tsx';
import { answerClosedLink, answerEntry, otherCustomer } from '@/app/(entry)/_page/entry-page.tsx';
import { answerPlain } from '@/app/(entry)/_page/plain.tsx';
import { admitRefusal, answerTooMany } from '@/app/(entry)/_page/refusal-limit.tsx';
import { Button } from '@/components/ui/button.tsx';
import type { BrowserSession } from '@/lib/domain/browser-session.ts';
import { flowPlace } from '@/lib/domain/portal-flow.ts';
import { answerEmpty, answerSeeOther } from '@/lib/html/answer.ts';
import type { Words } from '@/lib/i18n/words.ts';
import { burnPortalLink } from '@/lib/operations/burn-portal-link.ts';
import { type Runtime, runtime } from '@/lib/runtime.ts';
import { nameAgent } from '@/lib/session/agent.ts';
import { bindingOffer, firstBinding } from '@/lib/session/binding-offer.ts';
import { clearCookie, readCookie, readSealedCookie, writeCookie, writeSealedCookie } from '@/lib/session/cookie.ts';
import { readForm } from '@/lib/session/form.ts';
import { judgeLink, type LinkJudgement } from '@/lib/session/link.ts';
import { isSameOrigin } from '@/lib/session/same-origin.ts';
import { findPresence, readSessionSecret } from '@/lib/session/viewer.ts';

/** Burns the link and opens the browser session. The only place that does. */
export async function POST(request: Request): Promise<Response> {
  const on = await runtime();
  try {
    return await enter(on, request);
  } catch (thrown) {
    return answerBroken(on, request, thrown, '/enter');
  }
}

async function enter(on: Runtime, request: Request): Promise<Response> {
  const form = await readForm(request, 2_048);
  if (!form.ok) {
    const status =
      form.failure.code === 'payload_too_large' ? 413 : form.failure.code === 'unsupported_media_type' ? 415 : 400;
    return answerPlain(request, status, ({ t }) => ({
      title: t('common.formUnreadable'),
      body: <p>{t('link.unknownText')}</p>,
    }));
  }
  const token = form.value.get('token') ?? '';
  if (!isSameOrigin(request, on.config.origin)) return answerElsewhere(on, request, token);
  const nonce = readCookie(request, 'entry');
  if (nonce === null || !/^[A-Za-z0-9_-]{16,64}$/.test(nonce))
    return answerWithoutNonce(on, request, token, form.value.get('again') === '1');
  const arrival = form.value.get('arrival') === 'warm' ? 'warm' : 'cold';
  const burned = await burnPortalLink(on, {
    token,
    nonce,
    formerSecret: await readSessionSecret(on, request),
    maySwitch: form.value.get('switch') === '1',
    arrival,
    agent: nameAgent(request.headers.get('user-agent')),
    binding: firstBinding,
  });
  if (burned.ok) {
    const { session, secret, repeated } = burned.value;
    on.log('info', 'link.burned', {
      workspaceId: session.workspaceId,
      mode: session.mode,
      customerId: session.customerId,
      portalSessionId: session.portalSessionId,
      browserSessionId: session.id,
      arrival,
      ...(repeated ? { reason: 'repeated' } : {}),
    });
    const cookie = await writeSealedCookie(on, 'session', { id: secret });
    return answerSeeOther(await placeAfterEntry(on, request, session), [cookie, clearCookie('note')], bindingOffer());
  }
  const judged = await judgeLink(on, token);
  if (judged.state === 'open') {
    const presence = await findPresence(on, request);
    const session = presence.state === 'none' ? null : presence.session;
    return answerEntry(on, request, token, judged, {
      arrival: 'cold',
      status: 409,
      other: otherCustomer(on, session, judged),
    });
  }
  return answerRefused(on, request, judged);
}

/**
 * The flow's page, when the link was minted for one; choices kept from before this entry lead back to their page; else
 * the overview.
 */
async function placeAfterEntry(
  on: Runtime,
  request: Request,
  { customerId, flow }: Pick<BrowserSession, 'customerId' | 'flow'>,
): Promise<string> {
  const kept = await readSealedCookie(on, request, 'kept');
  const path = kept.customer === customerId && typeof kept.path === 'string' ? kept.path : '';
  const place = flow === null ? null : flowPlace(flow);
  const isKept = /^\/[a-z]/.test(path) && (place === null || place.split('?', 1)[0] === path);
  return isKept ? `${path}?kept=1#result` : (place ?? '/');
}

/**
 * Cookies are proven before the burn, so a browser that blocks them never costs the link: the first time the entry page
 * again with a new nonce, the second time the words that say what is blocked.
 */
async function answerWithoutNonce(on: Runtime, request: Request, token: string, again: boolean): Promise<Response> {
  const nonce = writeCookie('entry', Buffer.from(on.random(16)).toString('base64url'));
  const judged = await judgeLink(on, token);
  if (judged.state === 'burned') {
    // It was used by a browser that brought a nonce. Unless this one is inside by it, somebody else has the link too.
    const reused = await burnPortalLink(on, {
      token,
      nonce: Buffer.from(on.random(16)).toString('base64url'),
      formerSecret: await readSessionSecret(on, request),
      maySwitch: false,
      arrival: 'cold',
      agent: nameAgent(request.headers.get('user-agent')),
      binding: firstBinding,
    });
    if (reused.ok) return answerSeeOther('/');
  }
  if (judged.state !== 'open') return answerRefused(on, request, judged);
  if (!again) {
    const presence = await findPresence(on, request);
    const other = otherCustomer(on, presence.state === 'none' ? null : presence.session, judged);
    return answerEntry(on, request, token, judged, {
      arrival: 'cold',
      status: 403,
      cookies: [nonce],
      other,
      again: true,
    });
  }
  const { host } = new URL(on.config.origin);
  const blocked = ({ t }: Words) => ({
    title: t('link.cookiesTitle'),
    body: (
      <>
        <p>{t('link.cookiesText', { host })}</p>
        <Retry token={token} text={t('common.tryAgain')} />
      </>
    ),
  });
  return answerPlain(request, 400, blocked, { workspace: judged.workspace, cookies: [nonce] });
}

/** A form from elsewhere: refused, and the link is as open as it was; a person may go on from here with a click. */
async function answerElsewhere(on: Runtime, request: Request, token: string): Promise<Response> {
  on.log('warn', 'entry.refused', { code: 'origin_refused' });
  const judged = await judgeLink(on, token);
  const workspace = judged.state === 'unknown' ? null : judged.workspace;
  const elsewhere = ({ t }: Words) => ({
    title: t('link.elsewhereTitle'),
    body: (
      <>
        <p>{t('link.elsewhereText')}</p>
        {judged.state === 'open' ? <Retry token={token} text={t('common.tryAgain')} /> : null}
      </>
    ),
  });
  return answerPlain(request, 403, elsewhere, { workspace });
}

async function answerRefused(
  on: Runtime,
  request: Request,
  judged: Exclude<LinkJudgement, { state: 'open' }>,
): Promise<Response> {
  const wait = judged.state === 'unknown' ? admitRefusal(on, request) : null;
  return wait === null ? answerClosedLink(request, judged) : answerTooMany(request, wait);
}

function Retry({ token, text }: { token: string; text: string }) {
  return (
    <form method="post" action="/enter">
      <input type="hidden" name="token" value={token} />
      <input type="hidden" name="again" value="1" />
      <Button>{text}</Button>
    </form>
  );
}

function refuse(): Response {
  return answerEmpty(405, { Allow: 'POST' });
}

export { refuse as DELETE, refuse as GET, refuse as PATCH, refuse as PUT };
