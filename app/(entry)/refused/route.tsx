import { answerPlain } from '@/app/(entry)/_page/plain.tsx';
import { ButtonLink } from '@/components/ui/button.tsx';
import { type RefusedFor, refusalHeader } from '@/lib/html/security-headers.ts';
import type { Words } from '@/lib/i18n/words.ts';

const statuses: Readonly<Record<RefusedFor, number>> = { target: 400, path: 404, method: 405 };

/** What the guard at the door refuses to a browser: the same status as for a program, and words. Called by itself it is nowhere. */
function answerRefusal(request: Request): Response {
  const noted = request.headers.get(refusalHeader);
  const why = noted === 'target' || noted === 'method' ? noted : 'path';
  return answerPlain(
    request,
    statuses[why],
    (words) => {
      const { title, text } = wordsFor(words, why);
      return {
        title,
        body: (
          <>
            {text === null ? null : <p>{text}</p>}
            <ButtonLink href="/" look="main">
              {words.t('common.overview')}
            </ButtonLink>
          </>
        ),
      };
    },
    why === 'method' ? { headers: { Allow: 'GET, HEAD, POST' } } : {},
  );
}

function wordsFor({ t }: Words, why: RefusedFor): { title: string; text: string | null } {
  if (why === 'target') return { title: t('common.unreadableTitle'), text: t('common.unreadableText') };
  if (why === 'method') return { title: t('common.methodRefusedTitle'), text: null };
  return { title: t('common.notFoundTitle'), text: t('common.notFoundText') };
}

export {
  answerRefusal as DELETE,
  answerRefusal as GET,
  answerRefusal as HEAD,
  answerRefusal as OPTIONS,
  answerRefusal as PATCH,
  answerRefusal as POST,
  answerRefusal as PUT,
};
