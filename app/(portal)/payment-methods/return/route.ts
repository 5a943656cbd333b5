import { followVisit } from '@/app/(portal)/_page/follow-visit.ts';
import { resultPlace } from '@/app/(portal)/_page/journey-place.ts';
import { portalPage } from '@/app/(portal)/_page/portal-page.tsx';
import { answerEmpty, answerSeeOther } from '@/lib/html/answer.ts';
import { findReturningVisit } from '@/lib/session/provider-return.ts';
import { isPrefetch } from '@/lib/session/viewer.ts';

type Context = Parameters<typeof follow>[1];

/** A browser that only looks ahead asks nobody and charges nothing. */
export function GET(request: Request, context: Context): Response | Promise<Response> {
  return isPrefetch(request) ? answerEmpty(503, { 'Retry-After': '1' }) : follow(request, context);
}

/** The same for every state, without a look at any: headers only. */
export function HEAD(): Response {
  return answerEmpty(200, { 'Content-Type': 'text/html; charset=utf-8' });
}

/**
 * The way back from the provider's page. It decides nothing: the provider is asked, and the buyer is led on to where the
 * outcome stands. The one-time state never stays in the address, and belongs to the browser session that began the visit.
 */
const follow = portalPage(async (page) => {
  const visit = await findReturningVisit(page.on, page.viewer, page.query.get('state') ?? '');
  if (visit === null) return answerSeeOther('/payment-methods?visit=gone#result');
  return answerSeeOther(resultPlace(await followVisit(page.on, visit, { locale: page.words.locale })));
});
