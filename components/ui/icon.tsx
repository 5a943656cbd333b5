import type { Tone } from './tone.ts';

const paths: Readonly<Record<Tone, string>> = {
  green: 'M3.5 8.5 6.5 11.5 12.5 5',
  blue: 'M8 7.2V11.5M8 4.6V4.7',
  amber: 'M8 4.2V8.8M8 11.3V11.4',
  red: 'M5 5 11 11M11 5 5 11',
  neutral: 'M4.5 8H11.5',
};

/** The icon of a tone: check, i, !, cross, dash. Decorative: the word beside it says the same. */
export function Icon({ tone }: { tone: Tone }) {
  return (
    <svg
      aria-hidden="true"
      viewBox="0 0 16 16"
      className="size-4 shrink-0"
      fill="none"
      stroke="currentColor"
      strokeWidth="2"
      strokeLinecap="round"
      strokeLinejoin="round"
    >
      <path d={paths[tone]} />
    </svg>
  );
}
