import type { ReactNode } from 'react';

export type ButtonLook = 'main' | 'plain' | 'danger';

const looks: Readonly<Record<ButtonLook, string>> = {
  main: 'border-accent bg-accent text-accent-ink',
  plain: 'border-line bg-card text-text',
  danger: 'border-red bg-card text-red',
};

const shape =
  'inline-flex min-h-11 w-full items-center justify-center rounded-corner border text-center font-semibold no-underline hover:underline disabled:opacity-60 sm:w-auto';

/** `half`: two stand side by side on a phone, and their words stay on one line. */
const sizes = { full: 'px-4 py-2', half: 'px-2 py-2 text-sm sm:px-4 sm:text-base' } as const;

type Common = {
  look?: ButtonLook;
  size?: keyof typeof sizes;
  /** Full name for screen readers where the visible text repeats on the page. */
  label?: string;
  children: ReactNode;
};

/** A button that sends its form; at least 44 px high, full width on a phone. */
export function Button({
  look = 'main',
  size = 'full',
  label,
  children,
  name,
  value,
  disabled,
  describedBy,
}: Common & {
  name?: string;
  value?: string;
  disabled?: boolean /** Id of the text that says why it is disabled. */;
  describedBy?: string;
}) {
  return (
    <button
      type="submit"
      name={name}
      value={value}
      disabled={disabled}
      aria-label={label}
      aria-describedby={describedBy}
      className={`${shape} ${sizes[size]} ${looks[look]}`}
    >
      {children}
    </button>
  );
}

/** A link that looks like a button: it leads somewhere and changes nothing. */
export function ButtonLink({
  look = 'plain',
  size = 'full',
  label,
  children,
  href,
  download,
}: Common & { href: string; download?: boolean }) {
  return (
    <a href={href} aria-label={label} download={download} className={`${shape} ${sizes[size]} ${looks[look]}`}>
      {children}
    </a>
  );
}
