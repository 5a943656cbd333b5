import { answerPlain } from '@/app/(entry)/_page/plain.tsx';

/** Help for somebody who comes without a link. */
export async function GET(request: Request): Promise<Response> {
  return answerPlain(
    request,
    401,
    ({ t }) => ({ title: t('link.noSessionTitle'), body: <p>{t('link.noSessionText')}</p> }),
    {
      here: '/link-problem',
    },
  );
}
