import { BackLink, wayBackOf } from '@/components/portal/back-link.tsx';
import { ButtonLink } from '@/components/ui/button.tsx';
import { isDatabaseUnavailable } from '@/lib/data/db.ts';
import { findFormOutcome, isFormMisused } from '@/lib/data/form-outcomes.ts';
import { listPaymentMethods } from '@/lib/data/payment-methods.ts';
import { newId } from '@/lib/domain/ids.ts';
import { canPayHere, offerWithin, type ProviderReach } from '@/lib/domain/provider-reach.ts';
import type { Viewer } from '@/lib/domain/viewer.ts';
import type { Workspace } from '@/lib/domain/workspace.ts';
import { answerSeeOther } from '@/lib/html/answer.ts';
import { chooseLocale } from '@/lib/i18n/locale.ts';
import { makeWords } from '@/lib/i18n/words.ts';
import { errorFields } from '@/lib/log.ts';
import { type Runtime, runtime } from '@/lib/runtime.ts';
import { admitAct, forgetAct } from '@/lib/session/act-limit.ts';
import { clearCookie, readCookie } from '@/lib/session/cookie.ts';
import { readForm } from '@/lib/session/form.ts';
import { keepChoices, readKeptChoices } from '@/lib/session/kept-choices.ts';
import { judgeProof } from '@/lib/session/proof.ts';
import { returnAddress } from '@/lib/session/return-address.ts';
import { isSameOrigin } from '@/lib/session/same-origin.ts';
import { requirePresence } from '@/lib/session/viewer.ts';
import { type Act, draw, type Page } from './draw.tsx';
import { missingProofText } from './proof-line.tsx';
import { answerEndedSession, answerTrouble, tooManyText } from './trouble.tsx';

// Next gives a handler without dynamic segments no params at all.
type Context = { params: Promise<Record<string, string | string[] | undefined> | undefined> };

/** Makes a GET handler of a portal page: proves the viewer, then lets `draw` answer. */
export function portalPage(
  draw: (page: Page) => Promise<Response>,
): (request: Request, context: Context) => Promise<Response> {
  return (request, context) => guarded(request, context, 'reading', draw);
}

type ActOptions = {
  /** Some forms are sensitive only with certain fields. */
  readonly sensitive: boolean | ((page: Page, form: URLSearchParams) => Promise<boolean>);
  /** Draws the page the form stands on, with the choices in `kept`; or names its address, where there are none to keep. */
  readonly again: (page: Page) => Promise<Response> | string;
};

/**
 * Makes a POST handler of a form of the portal: own origin, viewer, size, and for a sensitive act the proof; then `act`
 * answers, as a rule with `seeDone`. What a missing proof stops is kept for the next entry; what comes too often is
 * drawn again as it was filled in.
 */
export function portalAct(
  options: ActOptions,
  act: (act: Act) => Promise<Response>,
): (request: Request, context: Context) => Promise<Response> {
  return (request, context) =>
    guarded(request, context, options.sensitive === false ? 'writing' : 'deciding', async (page) => {
      const form = await readForm(request, 8_192);
      if (!form.ok) return answerTrouble(page, form.failure);
      const id = form.value.get('form') ?? '';
      if (!/^[A-Za-z0-9_-]{16,64}$/.test(id)) {
        return answerTrouble(page, { code: 'validation_error', message: 'The form id is missing.', field: 'form' });
      }
      const known = await findFormOutcome(page.on.read, page.viewer, id);
      // Sent again: no new act, so nothing is asked or counted; the operation answers what it answered.
      if (known !== null) return act({ ...page, form: form.value, id });
      const isSensitive =
        typeof options.sensitive === 'function' ? await options.sensitive(page, form.value) : options.sensitive;
      if (isSensitive && page.proofMissing !== null) return keepAndAskForProof(page, form.value, page.proofMissing);
      const seconds = admitAct(page.session.id, page.now);
      if (seconds !== null) return holdForm(page, form.value, seconds, options.again);
      const answer = await act({ ...page, form: form.value, id });
      if (answer.status >= 400) forgetAct(page.session.id, page.now);
      return answer;
    });
}

async function guarded(
  request: Request,
  context: Context,
  doing: 'reading' | 'writing' | 'deciding',
  work: (page: Page) => Promise<Response>,
): Promise<Response> {
  const on = await runtime();
  const requestId = newId('request', on.now(), on.random);
  try {
    if (doing !== 'reading' && !isSameOrigin(request, on.config.origin)) {
      on.log('warn', 'form.refused', { requestId, code: 'origin_refused' });
      return await answerEndedSession(on, request, { kind: 'origin_refused' });
    }
    const presence = await requirePresence(on, request);
    if (presence.state !== 'live')
      return await answerEndedSession(
        on,
        request,
        doing === 'reading'
          ? { kind: 'reading', presence }
          : { kind: 'writing', presence, keeps: doing === 'deciding' },
      );
    const params: Record<string, string> = {};
    for (const [name, value] of Object.entries((await context.params) ?? {}))
      params[name] = Array.isArray(value) ? value.join('/') : (value ?? '');
    const url = new URL(request.url);
    const { viewer, session, customer } = presence;
    const reach = on.providers.reach(viewer.mode);
    const workspace = await narrowOffer(on, viewer, presence.workspace, reach);
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
      reach,
      words,
      back: wayBackOf(workspace.brand.name, await returnAddress(on, session, workspace, 'live')),
      now: on.now(),
      formId: () => Buffer.from(on.random(16)).toString('base64url'),
      done: doneId === null ? null : await findFormOutcome(on.read, viewer, doneId),
      proofUntil: proof.proven ? proof.until : null,
      proofMissing: proof.proven ? null : proof.why,
      // Led back to once, right after the entry; drawing the page drops them.
      kept: url.searchParams.has('kept') ? await readKeptChoices(on, request, session, url.pathname) : null,
      held: null,
    };
    return await work(page);
  } catch (thrown) {
    if (isFormMisused(thrown)) {
      on.log('warn', 'form.refused', { requestId, code: 'validation_error' });
      return await answerEndedSession(on, request, { kind: 'form_misused' });
    }
    on.log('error', 'page.failed', {
      requestId,
      route: new URL(request.url).pathname,
      method: request.method,
      ...errorFields(thrown),
    });
    const code = isDatabaseUnavailable(thrown) ? 'service_unavailable' : 'internal_error';
    return await answerEndedSession(on, request, { kind: 'broken', code, isReading: doing === 'reading', requestId });
  }
}

/** The workspace as this buyer meets it: without paying or adding where no deployed provider could do it. */
async function narrowOffer(
  on: Runtime,
  viewer: Viewer,
  workspace: Workspace,
  reach: ProviderReach,
): Promise<Workspace> {
  const methods = reach.takesPayments || reach.chargeable.size === 0 ? [] : await listPaymentMethods(on.read, viewer);
  const configuration = offerWithin(workspace.configuration, reach, canPayHere(reach, methods, viewer.now));
  return { ...workspace, configuration };
}

/** After a form: go and see the page with its result. Choices that were kept for it are dropped. */
export function seeDone(act: Act, place: string): Response {
  const joint = place.includes('?') ? '&' : '?';
  const kept = readCookie(act.request, 'kept') === null ? [] : [clearCookie('kept')];
  return answerSeeOther(`${place}${joint}done=${act.id}#result`, kept);
}

/** Too many acts in a minute: nothing is carried out, and nothing that was chosen has to be chosen again. */
async function holdForm(
  page: Page,
  form: URLSearchParams,
  seconds: number,
  again: ActOptions['again'],
): Promise<Response> {
  const answer = again({ ...page, kept: form, held: { text: tooManyText(page, seconds), seconds } });
  if (typeof answer !== 'string') return answer;
  return answerTrouble(page, { code: 'rate_limited', message: 'Too many tries.', facts: { seconds } }, answer);
}

async function keepAndAskForProof(
  page: Page,
  form: URLSearchParams,
  missing: NonNullable<Page['proofMissing']>,
): Promise<Response> {
  const cookie = await keepChoices(page.on, page.viewer.customerId, page.path, form);
  const { t } = page.words;
  return draw(page, {
    title: t('common.proofTitle'),
    status: 403,
    cookies: [cookie],
    body: (
      <div className="mt-4 space-y-4">
        <p>{missingProofText(page, missing)}</p>
        <BackLink words={page.words} back={page.back} look="button" />
        <p>
          <ButtonLink href={page.path}>{t('common.openPageAgain')}</ButtonLink>
        </p>
      </div>
    ),
  });
}
