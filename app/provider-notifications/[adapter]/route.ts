import { followVisit } from '@/app/(portal)/_page/follow-visit.ts';
import { findVisitByReference, findVisitOfAdapter } from '@/lib/data/provider-visits.ts';
import { failureStatuses } from '@/lib/domain/failures.ts';
import { answerEmpty } from '@/lib/html/answer.ts';
import { errorFields } from '@/lib/log.ts';
import { runtime } from '@/lib/runtime.ts';

const maxBytes = 65_536;

type Context = { params: Promise<{ adapter: string }> };

/**
 * What a payment provider tells our server. It is proven over its raw bytes before anything is read, and it says only
 * that something changed: what became of it is asked for. One that comes twice acts once. Unknown things are answered
 * with 200, so that the provider stops sending them.
 */
export async function POST(request: Request, context: Context): Promise<Response> {
  const on = await runtime();
  const { adapter } = await context.params;
  const provider = on.providers.byAdapter(adapter);
  if (provider === null) return answerEmpty(404);
  const body = await readBytes(request);
  if (body === null) return answerEmpty(413);
  const read = provider.readNotification(body, request.headers);
  if (!read.ok) {
    on.log('warn', 'notification.refused', { code: read.failure.code, reason: adapter });
    return answerEmpty(failureStatuses[read.failure.code]);
  }
  const { id, about } = read.value;
  try {
    const visit =
      about.kind === 'visit'
        ? await findVisitByReference(on.read, adapter, about.providerReference)
        : await findVisitOfAdapter(on.read, adapter, about.idempotencyKey);
    if (visit !== null) await followVisit(on, visit, { notificationId: id });
    return answerEmpty(200);
  } catch (thrown) {
    on.log('error', 'notification.failed', { reason: adapter, ...errorFields(thrown) });
    return answerEmpty(503);
  }
}

async function readBytes(request: Request): Promise<Uint8Array | null> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request.body ?? []) {
    size += chunk.length;
    if (size > maxBytes) return null;
    chunks.push(chunk);
  }
  return new Uint8Array(Buffer.concat(chunks));
}

/** Notifications are posted. An adapter that is not deployed here has no address at all, whatever is asked of it. */
async function refuse(_request: Request, context: Context): Promise<Response> {
  const on = await runtime();
  const { adapter } = await context.params;
  return on.providers.byAdapter(adapter) === null ? answerEmpty(404) : answerEmpty(405, { Allow: 'POST' });
}

export { refuse as DELETE, refuse as GET, refuse as HEAD, refuse as OPTIONS, refuse as PATCH, refuse as PUT };
