import { BackLink, wayBackOf } from '@/components/portal/back-link.tsx';
import { Document } from '@/components/portal/document.tsx';
import { LanguageSwitch } from '@/components/portal/language-switch.tsx';
import { findCustomer } from '@/lib/data/customers.ts';
import { findWorkspace } from '@/lib/data/workspaces.ts';
import { type BrowserSession, sessionState } from '@/lib/domain/browser-session.ts';
import { maskEmail } from '@/lib/domain/customer.ts';
import { minuteMs } from '@/lib/domain/time.ts';
import { contactOf } from '@/lib/domain/workspace.ts';
import { answerDocument } from '@/lib/html/answer.ts';
import { themeStyles } from '@/lib/html/theme.ts';
import type { Runtime } from '@/lib/runtime.ts';
import { isInAppBrowser } from '@/lib/session/agent.ts';
import type { LinkJudgement } from '@/lib/session/link.ts';
import { entryStyles } from './entry-styles.ts';
import { answerPlain, plainWords } from './plain.tsx';

/** Posts the form once a person can see the page; never while a browser only prepares it. */
const submitScript =
  "(()=>{const f=document.forms[0],go=()=>{if(document.visibilityState!=='visible'||document.prerendering)return;removeEventListener('visibilitychange',go,true);f.requestSubmit();f.querySelector('button').disabled=true};document.prerendering?document.addEventListener('prerenderingchange',go):0;addEventListener('visibilitychange',go,true);go()})()";

/** Query of an entry page that asks for the click, however the browser came: it came back with another language. */
export const askMark = 'ask';

export type EntryOptions = {
  readonly arrival: 'warm' | 'cold';
  readonly status?: number;
  readonly cookies?: readonly string[];
  /** A live session of another customer in this browser: both identities are shown and the click is asked. */
  readonly other: BrowserSession | null;
  /** The form says that it came once already without its cookie. */
  readonly again?: boolean;
};

/** The entry page of an open link: under 4 KB, one button, nothing private beyond a masked email. */
export async function answerEntry(
  on: Runtime,
  request: Request,
  token: string,
  judged: Extract<LinkJudgement, { state: 'open' }>,
  options: EntryOptions,
): Promise<Response> {
  const { link, workspace, customer } = judged;
  const words = plainWords(request, workspace, customer.metadata?.locale);
  const { t } = words;
  const merchant = workspace.brand.name;
  const email = maskEmail(customer.email);
  const posts = options.arrival === 'warm' && options.other === null && workspace.configuration.entryAsk === 'auto';
  const other = options.other === null ? null : await describeOther(on, options.other);
  const title = other !== null ? t('entry.switchTitle') : t(posts ? 'entry.warmTitle' : 'entry.title', { merchant });
  const styles = [entryStyles, themeStyles(workspace)];
  const back = wayBackOf(merchant, link.returnUrl);
  const unnamed = t('entry.noEmail');
  return answerDocument(
    <Document
      words={words}
      title={title}
      styles={styles}
      scheme={workspace.configuration.theme.scheme}
      {...(posts ? { inlineScript: submitScript } : {})}
    >
      {link.mode === 'test' ? <aside className="test">{t('frame.test')}</aside> : null}
      <main>
        <h1>{title}</h1>
        {other !== null ? (
          <>
            <p>{t('entry.switchOpen', { email: other.email ?? unnamed, merchant: other.merchant })}</p>
            <p>{t('entry.switchLink', { email: email ?? unnamed, merchant })}</p>
            <p>{t('entry.switchText')}</p>
          </>
        ) : (
          <>
            {email === null ? null : <p>{t('entry.who', { email })}</p>}
            <p>{posts ? t('entry.warmHint') : t('entry.once')}</p>
            {!posts && isInAppBrowser(request.headers.get('user-agent')) ? <p>{t('entry.inApp')}</p> : null}
          </>
        )}
        <form method="post" action="/enter">
          <input type="hidden" name="token" value={token} />
          <input type="hidden" name="arrival" value={options.arrival} />
          {options.again === true ? <input type="hidden" name="again" value="1" /> : null}
          {other === null ? null : <input type="hidden" name="switch" value="1" />}
          <button type="submit">{t(other === null ? 'entry.continue' : 'entry.switchButton')}</button>
        </form>
        {other === null ? null : (
          <p>
            <a href="/">{t('entry.stayWith', { email: other.email ?? unnamed })}</a>
          </p>
        )}
        {posts || other !== null ? null : <p>{t('entry.notYou')}</p>}
        <p>
          <a href={back.href} rel="noreferrer">
            {t('frame.backTo', { merchant })}{' '}
            <span>
              <bdi dir="ltr">({back.host})</bdi>
            </span>
          </a>
        </p>
      </main>
      {workspace.configuration.buyerCanSwitchLocale ? (
        <footer>
          <LanguageSwitch words={words} here={`/p/${token}?${askMark}`} look="bare" />
        </footer>
      ) : null}
    </Document>,
    {
      status: options.status ?? 200,
      styles,
      ...(posts ? { inlineScript: submitScript } : {}),
      ...(options.cookies === undefined ? {} : { cookies: options.cookies }),
    },
  );
}

/** A link that opens nothing: why, in words, and the way back to a fresh one. 404 and 410 have the same shape. */
export function answerClosedLink(request: Request, judged: Exclude<LinkJudgement, { state: 'open' }>): Response {
  if (judged.state === 'unknown') {
    return answerPlain(
      request,
      404,
      ({ t }) => ({ title: t('link.unknownTitle'), body: <p>{t('link.unknownText')}</p> }),
      { here: linkPath(request) },
    );
  }
  const { link, workspace } = judged;
  const merchant = workspace.brand.name;
  const back = wayBackOf(merchant, link.returnUrl);
  const contact = contactOf(workspace);
  return answerPlain(
    request,
    410,
    (words) => {
      const { t } = words;
      const said = {
        burned: { title: t('link.usedTitle'), text: t('link.usedText', { host: back.host }) },
        expired: {
          title: t('link.expiredTitle', { time: words.time(link.expiresAt) }),
          text: t('link.expiredText', { n: Math.round((link.expiresAt - link.createdAt) / minuteMs), host: back.host }),
        },
        revoked: { title: t('link.revokedTitle'), text: t('link.revokedText', { merchant, host: back.host }) },
      }[judged.state];
      return {
        title: said.title,
        body: (
          <>
            <p>{said.text}</p>
            <BackLink words={words} back={back} look="button" />
            {contact === null ? null : (
              <p>
                <a href={contact} rel="noreferrer" className="inline-block py-2.5 text-accent-text underline">
                  {judged.state === 'burned' ? t('link.notYou', { merchant }) : t('frame.contact', { merchant })}
                </a>
              </p>
            )}
            {link.mode === 'test' ? (
              <p className="text-sm text-quiet">
                {t('link.developer', {
                  state: judged.state,
                  minted: words.time(link.createdAt),
                  expires: words.time(link.expiresAt),
                })}
              </p>
            ) : null}
          </>
        ),
      };
    },
    { workspace, here: linkPath(request) },
  );
}

/** Where the language switch comes back to: the link, where this page is its own answer; looking at it changes nothing. */
function linkPath(request: Request): string | null {
  const { pathname } = new URL(request.url);
  return request.method === 'GET' && pathname.startsWith('/p/') ? pathname : null;
}

/** The live session of another customer in this browser, or null: that one is ended only on consent. */
export function otherCustomer(
  on: Runtime,
  session: BrowserSession | null,
  judged: Extract<LinkJudgement, { state: 'open' }>,
): BrowserSession | null {
  if (session === null || sessionState(session, on.now(), on.epoch) !== 'live') return null;
  const { link } = judged;
  const same =
    session.workspaceId === link.workspaceId && session.mode === link.mode && session.customerId === link.customerId;
  return same ? null : session;
}

async function describeOther(
  on: Runtime,
  session: BrowserSession,
): Promise<{ email: string | null; merchant: string }> {
  const [customer, workspace] = [await findCustomer(on.read, session), await findWorkspace(on.read, session)];
  return { email: maskEmail(customer?.email ?? null), merchant: workspace?.brand.name ?? '' };
}
