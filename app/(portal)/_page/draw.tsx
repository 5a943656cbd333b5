import type { ReactNode } from 'react';
import type { WayBack } from '@/components/portal/back-link.tsx';
import { Document } from '@/components/portal/document.tsx';
import { Frame, type MenuItem } from '@/components/portal/frame.tsx';
import { Notice } from '@/components/ui/notice.tsx';
import { type FieldProblem, Problems } from '@/components/ui/problems.tsx';
import type { FormOutcome } from '@/lib/data/form-outcomes.ts';
import { type BrowserSession, closesAt } from '@/lib/domain/browser-session.ts';
import type { Customer } from '@/lib/domain/customer.ts';
import { isInFlow } from '@/lib/domain/portal-flow.ts';
import type { ProviderReach } from '@/lib/domain/provider-reach.ts';
import type { Instant } from '@/lib/domain/time.ts';
import type { Viewer } from '@/lib/domain/viewer.ts';
import type { Workspace } from '@/lib/domain/workspace.ts';
import { answerDocument } from '@/lib/html/answer.ts';
import { portalScriptPath, portalStyles } from '@/lib/html/assets.ts';
import { themeStyles } from '@/lib/html/theme.ts';
import type { Words } from '@/lib/i18n/words.ts';
import type { Runtime } from '@/lib/runtime.ts';
import { clearCookie } from '@/lib/session/cookie.ts';
import { FlowDone } from './flow-done.tsx';
import { loadSection } from './load-section.ts';
import { findPastDueLine } from './past-due-line.ts';

/** Draws a page in the portal's frame. */
export async function draw(page: Page, drawing: Drawing): Promise<Response> {
  const { words, workspace, back } = page;
  const styles = [portalStyles(), themeStyles(workspace)];
  const closes = closesAt(page.session);
  const hasResult = page.done !== null || page.query.has('visit');
  const hasProblems = (drawing.problems?.length ?? 0) > 0;
  const status = page.held === null ? (drawing.status ?? 200) : 429;
  const plainTitle = words.t('frame.titled', { title: drawing.title, merchant: workspace.brand.name });
  const current = drawing.current ?? null;
  const flow = page.session.flow !== null && isInFlow(page.session.flow, page.path) ? page.session.flow : null;
  const note =
    page.held !== null ? (
      <HeldNote text={page.held.text} />
    ) : isNothing(drawing.note) && page.kept !== null && drawing.keptNote !== null && !hasProblems ? (
      <KeptNote page={page} text={drawing.keptNote} />
    ) : (
      drawing.note
    );
  return answerDocument(
    <Document
      words={words}
      title={hasProblems || status >= 400 ? words.t('common.error', { title: plainTitle }) : plainTitle}
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
        inFlow={flow !== null}
        here={page.path + (page.query.size === 0 ? '' : `?${page.query}`)}
        current={current}
        closesAt={closes}
        now={page.now}
        pastDue={current === 'overview' ? null : await pastDueLine(page)}
        testTools={
          current === 'overview' && page.on.config.testTools
            ? { text: words.t('overview.changeWhatYouSee'), href: '/test' }
            : null
        }
      >
        {drawing.above}
        <h1
          id={drawing.titleIsResult === true ? 'result' : 'title'}
          tabIndex={-1}
          className={`${drawing.above === undefined ? 'mt-4 sm:mt-6' : 'mt-1'} mb-1 text-2xl font-bold`}
        >
          {drawing.title}
        </h1>
        {drawing.lead}
        {isNothing(note) ? null : <div className="mt-4">{note}</div>}
        {flow === null || !hasResult ? null : <FlowDone page={page} />}
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
      status,
      styles,
      scriptOrigin: page.on.config.origin,
      ...(drawing.formOrigins === undefined ? {} : { formOrigins: drawing.formOrigins }),
      cookies: [...(drawing.cookies ?? []), ...dropKept(page)],
      headers: {
        'X-Request-Id': page.requestId,
        'Speculation-Rules': '"/speculation.json"',
        ...(page.held === null ? {} : { 'Retry-After': String(page.held.seconds) }),
        ...drawing.headers,
      },
    },
  );
}

/** Choices of before this entry are led back to once: what is left of them after that would only mislead. */
function dropKept(page: Page): string[] {
  const isLedBack = page.kept !== null && page.held === null && page.request.method === 'GET';
  return isLedBack ? [clearCookie('kept')] : [];
}

/** The line is one part of many: where it cannot be read, the page stands without it. */
async function pastDueLine(page: Page): Promise<{ text: string; href: string } | null> {
  const loaded = await loadSection(page, () => findPastDueLine(page.on.read, page.viewer, page.words));
  return loaded.ok ? loaded.value : null;
}

/** A form came too often: nothing of it was carried out, and its page stands below as it was filled in. */
function HeldNote({ text }: { text: string }) {
  return (
    <Notice tone="amber" result>
      <p>{text}</p>
    </Notice>
  );
}

/** After a new entry: the choices are kept, and nothing of them has been carried out. */
function KeptNote({ page, text }: { page: Page; text: string | undefined }) {
  return (
    <Notice tone="blue" result>
      {text ?? page.words.t('common.keptNote')}
    </Notice>
  );
}

function isNothing(node: ReactNode): boolean {
  return node === undefined || node === null;
}

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
  /** With the offer narrowed to what the deployed providers can do for this buyer. */
  readonly workspace: Workspace;
  /** What the deployed providers can do in this mode. */
  readonly reach: ProviderReach;
  readonly words: Words;
  readonly back: WayBack;
  /** Wall-clock now; billing time is `viewer.now`. */
  readonly now: Instant;
  /** A fresh one-time form id for a hidden field named `form`. */
  formId(): string;
  /** The outcome of the form named by `?done=`, for the result note; null when there is none. */
  readonly done: FormOutcome | null;
  /** Until when sensitive acts are possible here, or null when they are not any more. */
  readonly proofUntil: Instant | null;
  /** Why sensitive acts are not possible here, or null when they are. */
  readonly proofMissing: 'late' | 'contested' | null;
  /** Choices of a form that could not be carried out before this entry; empty when there are none. */
  readonly kept: URLSearchParams | null;
  /** A form that was refused for a while: why, said over the page that is drawn again with what was chosen. */
  readonly held: Held | null;
};

/** What stands over a page that is drawn again because its form came too often. */
export type Held = { readonly text: string; readonly seconds: number };

/** A form that arrived: same as a page, with its fields and its spent-once id. */
export type Act = Page & { readonly form: URLSearchParams; readonly id: string };

export type Drawing = {
  readonly title: string;
  /** The heading itself is the result of a form and takes focus; there is no note then. */
  readonly titleIsResult?: boolean;
  readonly current?: MenuItem | null;
  readonly status?: number;
  /** The note under the heading, made of the outcome of a form. */
  readonly note?: ReactNode;
  /** What the buyer was about to do here before this entry, where the page knows it better than "this"; null: it is over. */
  readonly keptNote?: string | null;
  /** Fields to put right in a refused form. */
  readonly problems?: readonly FieldProblem[];
  /** The way up to the list this page is of, before the heading. */
  readonly above?: ReactNode;
  /** Chip or line right after the heading. */
  readonly lead?: ReactNode;
  readonly formOrigins?: readonly string[];
  readonly cookies?: readonly string[];
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: ReactNode;
};
