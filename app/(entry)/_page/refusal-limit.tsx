import { minuteMs } from '@/lib/domain/time.ts';
import type { Runtime } from '@/lib/runtime.ts';
import { answerPlain } from './plain.tsx';

const most = 30;
const windows = new Map<string, { from: number; count: number }>();

/**
 * Counts unknown links per client address, 30 a minute. Null: answer the refusal. A number: seconds to wait. Links we
 * know are never counted, so nobody is kept from one of their own, or from the way back of a used one.
 */
export function admitRefusal(on: Runtime, request: Request): number | null {
  const now = on.now();
  const peer = request.headers.get('x-peer') ?? 'unknown';
  on.log('info', 'link.refused', { reason: 'unknown' });
  const known = windows.get(peer);
  if (known === undefined || now - known.from >= minuteMs) {
    if (windows.size > 10_000) windows.clear();
    windows.set(peer, { from: now, count: 1 });
    return null;
  }
  known.count += 1;
  return known.count <= most ? null : Math.max(1, Math.ceil((known.from + minuteMs - now) / 1000));
}

export function answerTooMany(request: Request, seconds: number): Response {
  return answerPlain(
    request,
    429,
    ({ t }) => ({ title: t('link.tooManyTitle', { n: seconds }), body: <p>{t('link.tooManyText')}</p> }),
    { headers: { 'Retry-After': String(seconds) } },
  );
}
