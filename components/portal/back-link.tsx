import type { Words } from '@/lib/i18n/words.ts';

export type WayBack = { readonly merchant: string; readonly href: string; readonly host: string };

/** "Back to {merchant} ({host})": a plain link without referrer; where it leads is always written on it. */
export function BackLink({ words, back, look = 'row' }: { words: Words; back: WayBack; look?: 'row' | 'button' }) {
  const shape =
    look === 'row'
      ? 'flex min-h-11 items-center gap-x-2 py-1.5 font-semibold text-accent-text underline underline-offset-2'
      : 'inline-flex min-h-11 w-full items-center justify-center gap-x-2 rounded-corner border border-accent bg-accent px-4 py-2 text-center font-semibold text-accent-ink sm:w-auto';
  return (
    <a
      href={back.href}
      rel="noreferrer"
      aria-label={words.t('frame.back', { merchant: back.merchant, host: back.host })}
      className={shape}
    >
      <svg
        aria-hidden="true"
        viewBox="0 0 16 16"
        className="size-4 shrink-0 rtl:-scale-x-100"
        fill="none"
        stroke="currentColor"
        strokeWidth="2"
      >
        <path d="M9.5 3.5 5 8l4.5 4.5" />
      </svg>
      <span>{words.t('frame.backTo', { merchant: back.merchant })}</span>{' '}
      <span className="block font-normal sm:inline">({back.host})</span>
    </a>
  );
}

/** The way back as pages show it: the host keeps its registrable name whole and is cut only at its left. */
export function wayBackOf(merchant: string, returnUrl: string): WayBack {
  const { host } = new URL(returnUrl);
  return { merchant, href: returnUrl, host: host.length <= 40 ? host : `…${host.slice(-39)}` };
}
