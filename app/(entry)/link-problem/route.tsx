import { answerPlain } from '@/app/(entry)/_page/plain.tsx';
import { runtime } from '@/lib/runtime.ts';

/** Help for somebody who comes without a link. */
export async function GET(request: Request): Promise<Response> {
  const on = await runtime();
  return answerPlain(
    on,
    request,
    401,
    ({ t }) => ({ title: t('link.noSessionTitle'), body: <p>{t('link.noSessionText')}</p> }),
    {
      here: '/link-problem',
    },
  );
}
