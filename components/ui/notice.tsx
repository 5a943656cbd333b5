import type { ReactNode } from 'react';
import { Icon } from './icon.tsx';
import type { Tone } from './tone.ts';

const tones: Readonly<Record<Tone, string>> = {
  green: 'border-green bg-green-soft',
  blue: 'border-blue bg-blue-soft',
  amber: 'border-amber bg-amber-soft',
  red: 'border-red bg-red-soft',
  neutral: 'border-line bg-card',
};

const inks: Readonly<Record<Tone, string>> = {
  green: 'text-green',
  blue: 'text-blue',
  amber: 'text-amber',
  red: 'text-red',
  neutral: 'text-quiet',
};

/** A block with something to know. `result` is the note after a form: it takes focus by its fragment. */
export function Notice({ tone, result = false, children }: { tone: Tone; result?: boolean; children: ReactNode }) {
  return (
    <div
      id={result ? 'result' : undefined}
      role={result ? 'status' : undefined}
      tabIndex={result ? -1 : undefined}
      className={`flex gap-2 rounded-corner border-s-4 px-3 py-2.5 ${tones[tone]}`}
    >
      <span className={`pt-1 ${inks[tone]}`}>
        <Icon tone={tone} />
      </span>
      <div className="min-w-0 flex-1">{children}</div>
    </div>
  );
}
