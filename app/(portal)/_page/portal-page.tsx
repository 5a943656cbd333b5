import type { ReactNode } from 'react';
import { BackLink, type WayBack } from '@/components/portal/back-link.tsx';
import { Document } from '@/components/portal/document.tsx';
import { Frame, type MenuItem } from '@/components/portal/frame.tsx';
import { ButtonLink } from '@/components/ui/button.tsx';
import { type FieldProblem, Problems } from '@/components/ui/problems.tsx';
import { DatabaseUnavailable } from '@/lib/data/db.ts';
import { type FormOutcome, findFormOutcome } from '@/lib/data/form-outcomes.ts';
import { type BrowserSession, closesAt } from '@/lib/domain/browser-session.ts';
import type { Customer } from '@/lib/domain/customer.ts';
import { newId } from '@/lib/domain/ids.ts';
import type { Instant } from '@/lib/domain/time.ts';
import type { Viewer } from '@/lib/domain/viewer.ts';
import type { Workspace } from '@/lib/domain/workspace.ts';
import { answerDocument, answerSeeOther } from '@/lib/html/answer.ts';
import { portalScriptPath, portalStyles } from '@/lib/html/assets.ts';
import { themeStyles } from '@/lib/html/theme.ts';
import { chooseLocale } from '@/lib/i18n/locale.ts';
import { makeWords, type Words } from '@/lib/i18n/words.ts';
import { errorFields } from '@/lib/log.ts';
import { type Runtime, runtime } from '@/lib/runtime.ts';
import { clearCookie, readCookie, readSealedCookie, writeSealedCookie } from '@/lib/session/cookie.ts';
import { readForm } from '@/lib/session/form.ts';
import { judgeProof } from '@/lib/session/proof.ts';
import { isSameOrigin } from '@/lib/session/same-origin.ts';
import { requirePresence } from '@/lib/session/viewer.ts';
import { findPastDueLine } from './past-due-line.ts';
import { answerEndedSession, answerTrouble } from './trouble.tsx';

/** What every portal handler works with: the proven viewer, the words, and what the request asked. */
export type Page = {
  readonly on: Runtime;
  readonly request: Request;
  readonly requestId: string;
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  /** Path of this page without its query. */
  readonly path: string;
  readonly viewer: Viewer;
  readonly session: BrowserSession;
  readonly customer: Customer;
  readonly workspace: Workspace;
  readonly words: Words;
  readonly back: WayBack;
  /** Wall-clock now; billing time is `viewer.now`. */
  readonly now: Instant;
  /** A fresh one-time form id for a hidden field named `form`. */
  formId(): string;
  /** The outcome of the form named by `?done=`, for the result note; null when there is none. */
  readonly done: FormOutcome | null;
  /** Until when sensitive acts are possible here, or null when they are not any more (or not bounded). */
  readonly proofUntil: Instant | null;
  /** Choices of a form that could not be carried out before this entry; empty when there are none. */
  readonly kept: URLSearchParams | null;
};

/** A form that arrived: same as a page, with its fields and its spent-once id. */
export type Act = Page & { readonly form: URLSearchParams; readonly id: string };

export type Drawing = {
  readonly title: string;
  readonly current?: MenuItem | null;
  readonly status?: number;
  /** The note under the heading, made of the outcome of a form. */
  readonly note?: ReactNode;
  /** Fields to put right in a refused form. */
  readonly problems?: readonly FieldProblem[];
  /** Chip or line right after the heading. */
  readonly lead?: ReactNode;
  readonly formOrigins?: readonly string[];
  readonly cookies?: readonly string[];
  readonly body: ReactNode;
};

type Context = { params: Promise<Record<string, string | string[] | undefined>> };

/** Makes a GET handler of a portal page: proves the viewer, then lets `draw` answer. */
export function portalPage(
  draw: (page: Page) => Promise<Response>,
): (request: Request, context: Context) => Promise<Response> {
  return (request, context) => guarded(request, context, 'reading', draw);
}

/**
 * Makes a POST handler of a form of the portal: own origin, viewer, size, and for a sensitive act the proof; then `act`
 * answers, as a rule with `seeDone`. What a missing proof stops is kept for the next entry.
 */
export function portalAct(
  options: { readonly sensitive: boolean },
  act: (act: Act) => Promise<Response>,
): (request: Request, context: Context) => Promise<Response> {
  return (request, context) =>
    guarded(request, context, 'writing', async (page) => {
      const form = await readForm(request, 8_192);
      if (!form.ok) return answerTrouble(page, form.failure);
      const id = form.value.get('form') ?? '';
      if (!/^[A-Za-z0-9_-]{16,64}$/.test(id)) {
        return answerTrouble(page, { code: 'validation_error', message: 'The form id is missing.', field: 'form' });
      }
      if (options.sensitive && !judgeProof(page.session, page.now).proven) {
        const known = await findFormOutcome(page.on.read, page.viewer, id);
        if (known === null) return keepAndAskForProof(page, form.value);
      }
      return act({ ...page, form: form.value, id });
    });
}

async function guarded(
  request: Request,
  context: Context,
  doing: 'reading' | 'writing',
  work: (page: Page) => Promise<Response>,
): Promise<Response> {
  const on = await runtime();
  const requestId = newId('request', on.now(), on.random);
  try {
    if (doing === 'writing' && !isSameOrigin(request, on.config.origin)) {
      on.log('warn', 'form.refused', { requestId, code: 'origin_refused' });
      return await answerEndedSession(on, request, { kind: 'origin_refused' });
    }
    const presence = await requirePresence(on, request);
    if (presence.state !== 'live')
      return await answerEndedSession(
        on,
        request,
        doing === 'reading' ? { kind: 'reading', presence } : { kind: 'writing', presence },
      );
    const params: Record<string, string> = {};
    for (const [name, value] of Object.entries(await context.params))
      params[name] = Array.isArray(value) ? value.join('/') : (value ?? '');
    const url = new URL(request.url);
    const { viewer, session, customer, workspace } = presence;
    const words = makeWords(
      chooseLocale({
        switched: readCookie(request, 'locale'),
        customer: customer.metadata?.locale ?? null,
        workspaceDefault: workspace.configuration.defaultLocale,
        acceptLanguage: request.headers.get('accept-language'),
      }),
      workspace.configuration.timeZone,
    );
    const doneId = url.searchParams.get('done');
    const proof = judgeProof(session, on.now());
    const page: Page = {
      on,
      request,
      requestId,
      params,
      query: url.searchParams,
      path: url.pathname,
      viewer,
      session,
      customer,
      workspace,
      words,
      back: wayBackOf(workspace.brand.name, session.returnUrl),
      now: on.now(),
      formId: () => Buffer.from(on.random(16)).toString('base64url'),
      done: doneId === null ? null : await findFormOutcome(on.read, viewer, doneId),
      proofUntil: proof.proven ? proof.until : null,
      kept: await readKept(on, request, session, url.pathname),
    };
    return await work(page);
  } catch (thrown) {
    on.log('error', 'page.failed', {
      requestId,
      route: new URL(request.url).pathname,
      method: request.method,
      ...errorFields(thrown),
    });
    const code = thrown instanceof DatabaseUnavailable ? 'service_unavailable' : 'internal_error';
    return await answerEndedSession(on, request, { kind: 'broken', code, doing, requestId });
  }
}

/** The way back as pages show it: the host keeps its registrable name whole and is cut only at its left. */
export function wayBackOf(merchant: string, returnUrl: string): WayBack {
  const { host } = new URL(returnUrl);
  return { merchant, href: returnUrl, host: host.length <= 40 ? host : `…${host.slice(-39)}` };
}

/** Draws a page in the portal's frame. */
export async function draw(page: Page, drawing: Drawing): Promise<Response> {
  const { words, workspace, back } = page;
  const styles = [portalStyles(), themeStyles(workspace)];
  const closes = closesAt(page.session);
  const hasProblems = (drawing.problems?.length ?? 0) > 0;
  const plainTitle = words.t('frame.titled', { title: drawing.title, merchant: workspace.brand.name });
  const current = drawing.current ?? null;
  return answerDocument(
    <Document
      words={words}
      title={hasProblems ? words.t('common.error', { title: plainTitle }) : plainTitle}
      styles={styles}
      scheme={workspace.configuration.theme.scheme}
      script={portalScriptPath()}
      clock={{ now: Math.floor(page.now / 1000), closes: Math.floor(closes / 1000) }}
    >
      <Frame
        words={words}
        workspace={workspace}
        back={back}
        account={page.customer.email ?? page.customer.name ?? page.customer.id}
        here={page.path + (page.query.size === 0 ? '' : `?${page.query}`)}
        current={current}
        closesAt={closes}
        now={page.now}
        pastDue={current === 'overview' ? null : await findPastDueLine(page)}
      >
        <h1 id="title" tabIndex={-1} className="mt-6 mb-1 text-2xl font-bold">
          {drawing.title}
        </h1>
        {drawing.lead}
        {drawing.note === undefined || drawing.note === null ? null : <div className="mt-4">{drawing.note}</div>}
        {hasProblems ? (
          <Problems
            title={words.t('common.fix', { n: drawing.problems?.length ?? 0 })}
            problems={drawing.problems ?? []}
          />
        ) : null}
        {drawing.body}
      </Frame>
    </Document>,
    {
      status: drawing.status ?? 200,
      styles,
      scriptOrigin: page.on.config.origin,
      ...(drawing.formOrigins === undefined ? {} : { formOrigins: drawing.formOrigins }),
      ...(drawing.cookies === undefined ? {} : { cookies: drawing.cookies }),
      headers: { 'X-Request-Id': page.requestId },
    },
  );
}

/** After a form: go and see the page with its result. Choices that were kept for it are dropped. */
export function seeDone(act: Act, place: string): Response {
  const joint = place.includes('?') ? '&' : '?';
  const kept = readCookie(act.request, 'kept') === null ? [] : [clearCookie('kept')];
  return answerSeeOther(`${place}${joint}done=${act.id}#result`, kept);
}

async function keepAndAskForProof(page: Page, form: URLSearchParams): Promise<Response> {
  const fields = new URLSearchParams(form);
  fields.delete('form');
  const kept = { customer: page.viewer.customerId, path: page.path, fields: fields.toString().slice(0, 2_000) };
  const cookie = await writeSealedCookie(page.on, 'kept', kept);
  const { t } = page.words;
  return draw(page, {
    title: t('common.proofTitle'),
    status: 403,
    cookies: [cookie],
    body: (
      <div className="mt-4 space-y-4">
        <p>{t('common.proofText', { host: page.back.host })}</p>
        <BackLink words={page.words} back={page.back} look="button" />
        <p>
          <ButtonLink href={page.path}>{t('common.openPageAgain')}</ButtonLink>
        </p>
      </div>
    ),
  });
}

/** Choices kept for this customer, at this path, from before this entry. */
async function readKept(
  on: Runtime,
  request: Request,
  session: BrowserSession,
  path: string,
): Promise<URLSearchParams | null> {
  if (readCookie(request, 'kept') === null) return null;
  const kept = await readSealedCookie(on, request, 'kept');
  if (kept.customer !== session.customerId || kept.path !== path || typeof kept.fields !== 'string') return null;
  return new URLSearchParams(kept.fields);
}
