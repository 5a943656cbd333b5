import type { ReactNode } from 'react';
import { Document } from '@/components/portal/document.tsx';
import { PlainPage } from '@/components/portal/plain-page.tsx';
import { type BrowserSession, closesAt } from '@/lib/domain/browser-session.ts';
import { minuteMs } from '@/lib/domain/time.ts';
import type { Workspace } from '@/lib/domain/workspace.ts';
import { answerDocument } from '@/lib/html/answer.ts';
import { portalStyles } from '@/lib/html/assets.ts';
import { themeStyles } from '@/lib/html/theme.ts';
import { chooseLocale } from '@/lib/i18n/locale.ts';
import { makeWords, type Words } from '@/lib/i18n/words.ts';
import { readCookie } from '@/lib/session/cookie.ts';
import type { EndedWhy } from '@/lib/session/viewer.ts';

type Plain = { readonly title: string; readonly body: ReactNode };

/** Words for a browser without an account: the switch, else the workspace's or the browser's language, and its zone. */
export function plainWords(
  request: Request,
  workspace: Pick<Workspace, 'configuration'> | null,
  customerLocale: string | null = null,
): Words {
  const locale = chooseLocale({
    switched: readCookie(request, 'locale'),
    customer: customerLocale,
    workspaceDefault: workspace?.configuration.defaultLocale ?? 'auto',
    acceptLanguage: request.headers.get('accept-language'),
  });
  return makeWords(locale, workspace?.configuration.timeZone ?? 'UTC');
}

/** Answers with a page that shows nothing of an account. */
export function answerPlain(
  request: Request,
  status: number,
  make: (words: Words) => Plain,
  options: {
    workspace?: Workspace | null;
    cookies?: readonly string[];
    here?: string | null;
    headers?: Readonly<Record<string, string>>;
  } = {},
): Response {
  const workspace = options.workspace ?? null;
  const words = plainWords(request, workspace);
  const { title, body } = make(words);
  const styles = [portalStyles(), themeStyles(workspace)];
  return answerDocument(
    <Document
      words={words}
      title={status >= 400 ? words.t('common.error', { title }) : title}
      styles={styles}
      scheme={workspace?.configuration.theme.scheme ?? 'auto'}
    >
      <PlainPage words={words} title={title} test={workspace?.mode === 'test'} here={options.here ?? null}>
        {body}
      </PlainPage>
    </Document>,
    {
      status,
      styles,
      ...(options.cookies === undefined ? {} : { cookies: options.cookies }),
      ...(options.headers === undefined ? {} : { headers: options.headers }),
    },
  );
}

/** What an ended session says of itself: a heading and a sentence. */
export function endedWords(
  words: Words,
  why: EndedWhy,
  session: BrowserSession | null,
  workspace: { readonly brand: Pick<Workspace['brand'], 'name'> } | null,
): { title: string; text: string } {
  const { t } = words;
  const merchant = workspace?.brand.name ?? '';
  const at = session?.endedAt ?? null;
  const moment = at === null ? null : { date: words.date(at), time: words.time(at) };
  const unknown = { title: t('signedOut.closedTitle'), text: t('signedOut.unknownText') };
  switch (why) {
    case 'signed_out':
      return merchant === ''
        ? { ...unknown, title: t('signedOut.signedOutTitle') }
        : { title: t('signedOut.signedOutTitle'), text: t('signedOut.signedOutText', { merchant }) };
    case 'idle':
      return { title: t('signedOut.closedTitle'), text: t('signedOut.idleText') };
    case 'limit': {
      const minutes = session === null ? 30 : Math.round((closesAt(session) - session.enteredAt) / minuteMs);
      return { title: t('signedOut.closedTitle'), text: t('signedOut.limitText', { n: minutes }) };
    }
    case 'switched_off':
      return { title: t('signedOut.endedTitle'), text: t('signedOut.switchedOff', { merchant }) };
    case 'ended_elsewhere':
      return moment === null
        ? unknown
        : { title: t('signedOut.endedTitle'), text: t('signedOut.endedElsewhere', moment) };
    case 'ended_by_merchant':
      return moment === null
        ? unknown
        : { title: t('signedOut.endedTitle'), text: t('signedOut.endedByMerchant', { merchant, ...moment }) };
    case 'replaced':
      return moment === null ? unknown : { title: t('signedOut.endedTitle'), text: t('signedOut.replaced', moment) };
  }
}
