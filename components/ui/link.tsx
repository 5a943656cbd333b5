import type { ReactNode } from 'react';

/** A link in running text: underlined, in the workspace's colour made readable. */
export function Link({
  href,
  label,
  children,
  lang,
}: {
  href: string;
  label?: string;
  children: ReactNode;
  lang?: string;
}) {
  return (
    <a
      href={href}
      aria-label={label}
      lang={lang}
      className="inline-block py-2.5 text-accent-text underline underline-offset-2"
    >
      {children}
    </a>
  );
}
