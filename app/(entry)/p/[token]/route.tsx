import { answerBroken } from '@/app/(entry)/_page/broken.tsx';
import { answerClosedLink, answerEntry, askMark, otherCustomer } from '@/app/(entry)/_page/entry-page.tsx';
import { admitRefusal, answerTooMany } from '@/app/(entry)/_page/refusal-limit.tsx';
import { answerEmpty, answerSeeOther } from '@/lib/html/answer.ts';
import { runtime } from '@/lib/runtime.ts';
import { cookieNames, readCookie, writeCookie } from '@/lib/session/cookie.ts';
import { judgeArrival, judgeLink } from '@/lib/session/link.ts';
import { findPresence } from '@/lib/session/viewer.ts';

type Context = { params: Promise<{ token: string }> };

/** The entry page. Changes nothing about the link, whatever the method, header or client. */
export async function GET(request: Request, context: Context): Promise<Response> {
  const on = await runtime();
  const judgedArrival = judgeArrival(request);
  const isAsked = new URL(request.url).searchParams.has(askMark);
  const arrival = judgedArrival === 'warm' && isAsked ? 'cold' : judgedArrival;
  if (arrival === 'machine') return answerEmpty(503, { 'Retry-After': '1' });
  if (arrival === 'embedded') return answerEmpty(403);
  try {
    const { token } = await context.params;
    const judged = await judgeLink(on, token);
    const presence = await findPresence(on, request);
    const session = presence.state === 'none' ? null : presence.session;
    if (
      judged.state === 'burned' &&
      presence.state === 'live' &&
      judged.link.browserSessionId === presence.session.id
    ) {
      return answerSeeOther('/');
    }
    if (judged.state !== 'open') {
      if (judged.state !== 'unknown') {
        on.log('info', 'link.refused', { reason: judged.state, portalSessionId: judged.link.id });
      }
      const wait = judged.state === 'unknown' ? admitRefusal(on, request) : null;
      return wait === null ? answerClosedLink(request, judged) : answerTooMany(request, wait);
    }
    // A nonce only when the browser brought none: a second tab must not take the first one's.
    const nonce =
      readCookie(request, 'entry') === null
        ? [writeCookie('entry', Buffer.from(on.random(16)).toString('base64url'))]
        : [];
    on.log('info', 'link.shown', { arrival, portalSessionId: judged.link.id, workspaceId: judged.link.workspaceId });
    return await answerEntry(on, request, token, judged, {
      arrival,
      cookies: nonce,
      other: otherCustomer(on, session, judged),
    });
  } catch (thrown) {
    return answerBroken(on, request, thrown, `/p/[redacted] without ${cookieNames.entry}`);
  }
}

/** The same for every token, without a look at any: headers only. */
export function HEAD(): Response {
  return answerEmpty(200, { 'Content-Type': 'text/html; charset=utf-8' });
}

export function OPTIONS(): Response {
  return answerEmpty(204, { Allow: 'GET, HEAD' });
}

function refuse(): Response {
  return answerEmpty(405, { Allow: 'GET, HEAD' });
}

export { refuse as DELETE, refuse as PATCH, refuse as POST, refuse as PUT };
