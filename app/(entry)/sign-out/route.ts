import { answerBroken } from '@/app/(entry)/_page/broken.tsx';
import { answerEndedSession } from '@/app/(portal)/_page/trouble.tsx';
import { answerEmpty, answerSeeOther } from '@/lib/html/answer.ts';
import { endBrowserSession } from '@/lib/operations/end-browser-session.ts';
import { runtime } from '@/lib/runtime.ts';
import { clearCookie, writeSealedCookie } from '@/lib/session/cookie.ts';
import { returnAddress } from '@/lib/session/return-address.ts';
import { isSameOrigin } from '@/lib/session/same-origin.ts';
import { findPresence } from '@/lib/session/viewer.ts';

/** Ends the browser session for good: the row, the cookies, and what the browser stored for this origin. */
export async function POST(request: Request): Promise<Response> {
  const on = await runtime();
  try {
    if (!isSameOrigin(request, on.config.origin)) return answerEndedSession(on, request, { kind: 'origin_refused' });
    const presence = await findPresence(on, request);
    const cookies = [clearCookie('session'), clearCookie('entry'), clearCookie('kept')];
    if (presence.state !== 'none') {
      const { session, workspace } = presence;
      if (presence.state === 'live') await endBrowserSession(on, session, session.id, 'signed_out', session.id);
      const why = presence.state === 'live' ? 'signed_out' : presence.why;
      cookies.push(
        await writeSealedCookie(on, 'note', {
          merchant: workspace?.brand.name ?? '',
          returnUrl: await returnAddress(on, session, workspace, presence.state === 'live' ? 'signed_out' : 'over'),
          why,
        }),
      );
    }
    // Not "cookies": that would reach beyond this host, to the whole site the merchant shares with it.
    return answerSeeOther('/signed-out', cookies, { 'Clear-Site-Data': '"cache", "storage"' });
  } catch (thrown) {
    return answerBroken(on, request, thrown, '/sign-out');
  }
}

function refuse(): Response {
  return answerEmpty(405, { Allow: 'POST' });
}

export { refuse as DELETE, refuse as GET, refuse as PATCH, refuse as PUT };
