export type Sum = { readonly term: string; readonly value: string; readonly isTotal?: boolean };

/** Sums under lines: terms and amounts, the amounts below each other at the right. */
export function Sums({ sums }: { sums: readonly (Sum | null)[] }) {
  return (
    <dl className="mt-3 ms-auto max-w-sm">
      {sums
        .filter((one) => one !== null)
        .map(({ term, value, isTotal }) => (
          <div
            key={term}
            className={`flex justify-between gap-4 py-1.5 ${isTotal === true ? 'border-t-2 border-line text-lg font-bold' : ''}`}
          >
            <dt className={isTotal === true ? '' : 'text-quiet'}>{term}</dt>
            <dd className="num text-end whitespace-nowrap">{value}</dd>
          </div>
        ))}
    </dl>
  );
}
