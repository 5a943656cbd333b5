import { answerEndedSession } from '@/app/(portal)/_page/trouble.tsx';
import { failureStatuses } from '@/lib/domain/failures.ts';
import { answerEmpty, answerSeeOther } from '@/lib/html/answer.ts';
import { readLocale } from '@/lib/i18n/locale.ts';
import { runtime } from '@/lib/runtime.ts';
import { writeCookie } from '@/lib/session/cookie.ts';
import { readForm } from '@/lib/session/form.ts';
import { isSameOrigin } from '@/lib/session/same-origin.ts';

/** Keeps the buyer's choice of language for a year and goes back to the page it was made on. */
export async function POST(request: Request): Promise<Response> {
  const on = await runtime();
  if (!isSameOrigin(request, on.config.origin)) return answerEndedSession(on, request, { kind: 'origin_refused' });
  const form = await readForm(request, 8_192);
  if (!form.ok) return answerEmpty(failureStatuses[form.failure.code]);
  const locale = readLocale(form.value.get('locale'));
  const back = form.value.get('back') ?? '/';
  // Only a path of our own: parsed against our origin, so that no spelling of it leads elsewhere.
  const place = URL.parse(back, on.config.origin);
  const path =
    place !== null && place.origin === on.config.origin && back.startsWith('/') ? place.pathname + place.search : '/';
  return answerSeeOther(path.startsWith('//') ? '/' : path, locale === null ? [] : [writeCookie('locale', locale)]);
}
