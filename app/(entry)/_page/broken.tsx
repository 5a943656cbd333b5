import { ButtonLink } from '@/components/ui/button.tsx';
import { isDatabaseUnavailable } from '@/lib/data/db.ts';
import { newId } from '@/lib/domain/ids.ts';
import { errorFields } from '@/lib/log.ts';
import type { Runtime } from '@/lib/runtime.ts';
import { answerPlain } from './plain.tsx';

/** We broke, or the database cannot be written: said in words with a reference, never a stack; nothing was burned. */
export function answerBroken(on: Runtime, request: Request, thrown: unknown, route: string): Response {
  const requestId = newId('request', on.now(), on.random);
  on.log('error', 'entry.failed', { requestId, route, method: request.method, ...errorFields(thrown) });
  const closed = isDatabaseUnavailable(thrown);
  return answerPlain(
    request,
    closed ? 503 : 500,
    ({ t }) => ({
      title: t(closed ? 'common.closedTitle' : 'common.brokenTitle'),
      body: (
        <>
          <p>{closed ? t('common.closedText') : t('common.brokenReading', { ref: requestId.slice(-8) })}</p>
          {request.method === 'GET' ? (
            <ButtonLink href={new URL(request.url).pathname} look="main">
              {t('common.tryAgain')}
            </ButtonLink>
          ) : null}
        </>
      ),
    }),
    closed ? { headers: { 'Retry-After': '5' } } : {},
  );
}
