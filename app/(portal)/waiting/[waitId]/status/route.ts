import { findJourney, followVisit, isJourneyWaiting } from '@/app/(portal)/_page/follow-visit.ts';
import { resultPlace } from '@/app/(portal)/_page/journey-place.ts';
import { readId } from '@/lib/domain/ids.ts';
import { answerFact } from '@/lib/html/answer.ts';
import { errorFields } from '@/lib/log.ts';
import { type Runtime, runtime } from '@/lib/runtime.ts';
import { findPresence } from '@/lib/session/viewer.ts';

type Context = { params: Promise<{ waitId: string }> };

/** Whether something begun at the provider has come to its end, and where it stands: a small fact for the waiting page. */
export async function GET(request: Request, context: Context): Promise<Response> {
  const on = await runtime();
  try {
    return await answerState(on, request, context);
  } catch (thrown) {
    on.log('error', 'status.failed', { ...errorFields(thrown) });
    return answerFact({ error: 'service_unavailable' }, 503);
  }
}

async function answerState(on: Runtime, request: Request, context: Context): Promise<Response> {
  const presence = await findPresence(on, request);
  if (presence.state !== 'live') return answerFact({ error: 'session_ended' }, 401);
  const id = readId<'providerVisit'>((await context.params).waitId);
  const known = id === null ? null : await findJourney(on, presence.viewer, id);
  if (known === null) return answerFact({ error: 'not_found' }, 404);
  const journey = await followVisit(on, known.visit);
  return answerFact(isJourneyWaiting(journey) ? { state: 'waiting' } : { state: 'done', href: resultPlace(journey) });
}
