import type { ReactNode } from 'react';

export type Fact = { readonly term: string; readonly value: ReactNode };

/** Facts as terms and values: side by side where there is room, stacked at 360 px. */
export function Facts({ facts }: { facts: readonly Fact[] }) {
  return (
    <dl className="divide-y divide-line">
      {facts.map(({ term, value }) => (
        <div key={term} className="py-2.5 first:pt-0 last:pb-0 sm:grid sm:grid-cols-[12rem_1fr] sm:gap-4">
          <dt className="text-quiet">{term}</dt>
          <dd className="min-w-0">{value}</dd>
        </div>
      ))}
    </dl>
  );
}
