import { followVisit } from '@/app/(portal)/_page/follow-visit.ts';
import { resultPlace } from '@/app/(portal)/_page/journey-place.ts';
import { portalPage } from '@/app/(portal)/_page/portal-page.tsx';
import { answerSeeOther } from '@/lib/html/answer.ts';
import { findReturningVisit } from '@/lib/session/provider-return.ts';

/**
 * The way back from the provider's page. It decides nothing: the provider is asked, and the buyer is led on to where the
 * outcome stands. The one-time state never stays in the address, and belongs to the browser session that began the visit.
 */
export const GET = portalPage(async (page) => {
  const visit = await findReturningVisit(page.on, page.viewer, page.query.get('state') ?? '');
  if (visit === null) return answerSeeOther('/payment-methods?visit=gone#result');
  return answerSeeOther(resultPlace(await followVisit(page.on, visit, { locale: page.words.locale })));
});
