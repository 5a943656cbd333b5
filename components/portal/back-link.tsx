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
      <span className="flex min-w-0 flex-col sm:flex-row sm:flex-wrap sm:gap-x-2">
        <span>{words.t('frame.backTo', { merchant: back.merchant })}</span>{' '}
        {/* Its line runs from right to left, so that what does not fit is cut at the left; the host itself does not. */}
        <span
          className={`max-w-full overflow-hidden text-ellipsis whitespace-nowrap font-normal [direction:rtl] ${look === 'row' ? 'self-start' : 'self-center'}`}
        >
          <bdi dir="ltr">({back.host})</bdi>
        </span>
      </span>
    </a>
  );
}

const longest = 40;

/** The way back as pages show it: the host keeps its registrable name whole and is cut only at its left. */
export function wayBackOf(merchant: string, returnUrl: string): WayBack {
  const { host } = new URL(returnUrl);
  return { merchant, href: returnUrl, host: shortHost(host) };
}

/** "…shop.example.com": whole labels from the right, as many as 40 characters hold, and the registrable name however long. */
function shortHost(host: string): string {
  if (host.length <= longest) return host;
  const labels = host.split('.');
  // example.com; example.co.id, example.com.au: a short label before the last belongs to the suffix.
  let from = labels.length - ((labels.at(-2) ?? '').length <= 3 ? 3 : 2);
  while (from > 1 && labels.slice(from - 1).join('.').length < longest) from -= 1;
  return from <= 0 ? host : `…${labels.slice(from).join('.')}`;
}
