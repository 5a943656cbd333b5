import { answerBroken } from '@/app/(entry)/_page/broken.tsx';
import { answerPlain, endedWords } from '@/app/(entry)/_page/plain.tsx';
import { BackLink, wayBackOf } from '@/components/portal/back-link.tsx';
import { answerSeeOther } from '@/lib/html/answer.ts';
import { runtime } from '@/lib/runtime.ts';
import { clearCookie, readSealedCookie } from '@/lib/session/cookie.ts';
import { returnAddress } from '@/lib/session/return-address.ts';
import { type EndedWhy, findPresence } from '@/lib/session/viewer.ts';

/** What happened to the session, and the way back; nothing of the account. */
export async function GET(request: Request): Promise<Response> {
  const on = await runtime();
  try {
    const presence = await findPresence(on, request);
    if (presence.state === 'live') return answerSeeOther('/');
    const note = await readSealedCookie(on, request, 'note');
    const merchant = presence.state === 'ended' ? (presence.workspace?.brand.name ?? '') : text(note.merchant);
    const returnUrl =
      presence.state === 'ended'
        ? await returnAddress(on, presence.session, presence.workspace, 'over')
        : text(note.returnUrl);
    const workspace = presence.state === 'ended' ? presence.workspace : null;
    const why = presence.state === 'ended' ? presence.why : (text(note.why) as EndedWhy | '');
    return answerPlain(
      request,
      200,
      (words) => {
        const session = presence.state === 'ended' ? presence.session : null;
        const named = workspace ?? (merchant === '' ? null : { brand: { name: merchant } });
        const said =
          why === ''
            ? { title: words.t('signedOut.closedTitle'), text: words.t('signedOut.unknownText') }
            : endedWords(words, why, session, named);
        return {
          title: said.title,
          body: (
            <>
              <p>{said.text}</p>
              {returnUrl === '' || merchant === '' ? null : (
                <BackLink words={words} back={wayBackOf(merchant, returnUrl)} look="button" />
              )}
            </>
          ),
        };
      },
      { workspace, here: '/signed-out', cookies: presence.state === 'ended' ? [clearCookie('session')] : [] },
    );
  } catch (thrown) {
    return answerBroken(on, request, thrown, '/signed-out');
  }
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
