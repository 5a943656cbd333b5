import type { ReactNode } from 'react';

/** A part of a page with its own heading; `id` names it for links and for screen readers. */
export function Section({ id, title, children }: { id: string; title: string; children: ReactNode }) {
  return (
    <section aria-labelledby={id} className="mt-8">
      <h2 id={id} tabIndex={-1} className="mb-3 text-xl font-bold">
        {title}
      </h2>
      {children}
    </section>
  );
}
