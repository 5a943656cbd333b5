import type { ReactNode } from 'react';
import type { Instant } from '@/lib/domain/time.ts';
import { contactOf, type Workspace } from '@/lib/domain/workspace.ts';
import type { Words } from '@/lib/i18n/words.ts';
import { BackLink, type WayBack } from './back-link.tsx';
import { LanguageSwitch } from './language-switch.tsx';

export type MenuItem = 'overview' | 'paymentMethods' | 'invoices' | 'receipts';

const places: Readonly<Record<MenuItem, string>> = {
  overview: '/',
  paymentMethods: '/payment-methods',
  invoices: '/invoices',
  receipts: '/receipts',
};

export type FrameProps = {
  words: Words;
  workspace: Workspace;
  back: WayBack;
  /** The customer's full email, or name, or id: whose account is open. */
  account: string;
  /** Path and query of this page, for the language switch. */
  here: string;
  current: MenuItem | null;
  /** Latest moment this session stays open. */
  closesAt: Instant;
  now: Instant;
  /** The line above pages other than the overview while a payment is past due. */
  pastDue: { readonly text: string; readonly href: string } | null;
  /** A link to the test tools, where they are: after the way back and the menu, so that those come first by keyboard. */
  testTools: { readonly text: string; readonly href: string } | null;
  /** The page is all there is to do: no menu, but a way to everything else. */
  inFlow: boolean;
  children: ReactNode;
};

/** What every portal page has: who bills, which account is open, the way back, the menu, the end of the session. */
export function Frame(props: FrameProps) {
  const { words, workspace, back, account, here, current, closesAt, now, pastDue, testTools, inFlow, children } = props;
  const { t } = words;
  return (
    <>
      {workspace.mode === 'test' ? (
        <aside
          aria-label={t('frame.testLabel')}
          className="bg-amber-soft px-4 py-1.5 text-center text-sm font-semibold text-amber"
        >
          {t('frame.test')}
        </aside>
      ) : null}
      <a href="#main" className="sr-only bg-card focus:not-sr-only focus:absolute focus:z-20 focus:p-3">
        {t('frame.skip')}
      </a>
      <nav aria-label={t('frame.wayBack')} className="no-print sticky top-0 z-10 border-b border-line bg-card px-4">
        <div className="mx-auto max-w-[880px]">
          <BackLink words={words} back={back} />
        </div>
      </nav>
      <header className="relative border-b border-line bg-card px-4">
        <div className="mx-auto flex max-w-[880px] flex-wrap items-center gap-x-6 py-1.5">
          <Brand workspace={workspace} />
          {inFlow ? (
            <p className="no-print flex-1">
              <a href="/" className="inline-flex min-h-11 items-center underline underline-offset-4">
                {t('frame.seeAll')}
              </a>
            </p>
          ) : (
            <nav aria-label={t('frame.menu')} className="no-print hidden flex-1 sm:block">
              <ul className="flex flex-wrap gap-x-5">
                <MenuLinks words={words} workspace={workspace} current={current} />
              </ul>
            </nav>
          )}
          <details className="no-print relative hidden sm:block">
            <summary className="flex min-h-11 items-center gap-1 font-semibold">
              {t('frame.account')}
              <svg
                aria-hidden="true"
                viewBox="0 0 16 16"
                className="size-4"
                fill="none"
                stroke="currentColor"
                strokeWidth="2"
              >
                <path d="m4 6 4 4 4-4" />
              </svg>
            </summary>
            <div className="absolute end-0 z-10 min-w-64 rounded-corner border border-line bg-card p-4">
              <AccountLinks words={words} workspace={workspace} account={account} />
            </div>
          </details>
          <details className="no-print ms-auto sm:hidden">
            <summary className="flex min-h-11 items-center rounded-corner border border-line px-4 font-semibold">
              {t(inFlow ? 'frame.account' : 'frame.menu')}
            </summary>
            <div className="absolute inset-x-0 top-full z-10 border-y border-line bg-card px-4 py-2">
              {inFlow ? null : (
                <nav aria-label={t('frame.menu')}>
                  <ul>
                    <MenuLinks words={words} workspace={workspace} current={current} />
                  </ul>
                </nav>
              )}
              <AccountLinks words={words} workspace={workspace} account={account} />
            </div>
          </details>
        </div>
      </header>
      <main id="main" className="px-4 pb-10">
        <div className="mx-auto max-w-[880px]">
          {pastDue === null ? null : (
            <p className="mt-3 rounded-corner bg-red-soft px-3 py-1.5 text-sm text-red sm:mt-4 sm:py-2 sm:text-base">
              {pastDue.text}{' '}
              <a href={pastDue.href} className="font-semibold underline">
                {t('frame.fix')}
              </a>
            </p>
          )}
          {testTools === null ? null : (
            <p className="no-print float-end mt-2.5 ms-4 text-sm sm:mt-4.5">
              <a href={testTools.href} className="inline-block py-3 text-accent-text underline underline-offset-2">
                {testTools.text}
              </a>
            </p>
          )}
          {children}
        </div>
      </main>
      <footer className="no-print border-t border-line px-4 py-4">
        <div className="mx-auto flex max-w-[880px] flex-wrap items-center gap-x-6 gap-y-1">
          <FooterLinks words={words} workspace={workspace} />
          {workspace.configuration.buyerCanSwitchLocale ? <LanguageSwitch words={words} here={here} /> : null}
          <p className="text-quiet">{t('frame.zone', { zone: words.zoneName(now) })}</p>
          <p className="text-quiet">{t('frame.limit', { time: words.time(closesAt) })}</p>
        </div>
      </footer>
      <ClosingWarning words={words} back={back} closesAt={closesAt} />
    </>
  );
}

function Brand({ workspace }: { workspace: Workspace }) {
  const { name, logoPath } = workspace.brand;
  if (logoPath === null) return <p className="py-2 text-lg font-bold">{name}</p>;
  return (
    <p className="flex items-center gap-3 py-2 text-lg font-bold">
      <img src={logoPath} alt="" className="max-h-10 max-w-40 rounded-corner bg-white object-contain p-0.5" />
      {name}
    </p>
  );
}

function MenuLinks({ words, workspace, current }: Pick<FrameProps, 'words' | 'workspace' | 'current'>) {
  const { configuration } = workspace;
  const shown: readonly MenuItem[] = [
    'overview',
    ...(configuration.paymentMethods.view ? (['paymentMethods'] as const) : []),
    ...(configuration.invoices.view ? (['invoices'] as const) : []),
    ...(configuration.receipts.view ? (['receipts'] as const) : []),
  ];
  return shown.map((item) => (
    <li key={item}>
      <a
        href={places[item]}
        aria-current={item === current ? 'page' : undefined}
        className="flex min-h-11 items-center underline-offset-4 hover:underline aria-[current=page]:font-bold aria-[current=page]:text-accent-text aria-[current=page]:underline"
      >
        {words.t(`frame.${item}`)}
      </a>
    </li>
  ));
}

function AccountLinks({ words, workspace, account }: Pick<FrameProps, 'words' | 'workspace' | 'account'>) {
  return (
    <>
      <p className="py-1 text-quiet">{account}</p>
      {workspace.configuration.sessionLedger ? (
        <a href="/sessions" className="flex min-h-11 items-center hover:underline">
          {words.t('frame.sessions')}
        </a>
      ) : null}
      <form method="post" action="/sign-out">
        <button
          type="submit"
          className="flex min-h-11 cursor-pointer items-center font-semibold text-accent-text hover:underline"
        >
          {words.t('frame.signOut')}
        </button>
      </form>
    </>
  );
}

function FooterLinks({ words, workspace }: Pick<FrameProps, 'words' | 'workspace'>) {
  const { termsUrl, privacyUrl } = workspace.configuration;
  const contact = contactOf(workspace);
  const links = [
    { href: contact, text: words.t('frame.contact', { merchant: workspace.brand.name }) },
    { href: termsUrl, text: words.t('frame.terms') },
    { href: privacyUrl, text: words.t('frame.privacy') },
  ];
  return links.map(({ href, text }) =>
    href === null ? null : (
      <a key={text} href={href} rel="noreferrer" className="flex min-h-11 items-center underline underline-offset-2">
        {text}
      </a>
    ),
  );
}

/** Opened by script two minutes before the end; without script the footer says the time. */
function ClosingWarning({ words, back, closesAt }: Pick<FrameProps, 'words' | 'back' | 'closesAt'>) {
  return (
    <dialog
      id="closing"
      aria-labelledby="closing-title"
      className="max-w-sm rounded-corner border border-line bg-card p-5 text-text backdrop:bg-black/50"
    >
      <h2 id="closing-title" className="text-xl font-bold">
        {words.t('frame.closesAt', { time: words.time(closesAt) })}
      </h2>
      <p className="my-3">{words.t('frame.cannotExtend', { host: back.host })}</p>
      <form method="dialog">
        <button
          type="submit"
          className="min-h-11 w-full rounded-corner border border-accent bg-accent px-4 font-semibold text-accent-ink"
        >
          {words.t('frame.ok')}
        </button>
      </form>
    </dialog>
  );
}
