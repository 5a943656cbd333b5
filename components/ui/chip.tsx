import { Icon } from './icon.tsx';
import type { Tone } from './tone.ts';

const tones: Readonly<Record<Tone, string>> = {
  green: 'bg-green-soft text-green',
  blue: 'bg-blue-soft text-blue',
  amber: 'bg-amber-soft text-amber',
  red: 'bg-red-soft text-red',
  neutral: 'bg-page text-quiet border-line',
};

/** A state as icon and word. */
export function Chip({ tone, children }: { tone: Tone; children: string }) {
  return (
    <span
      className={`inline-flex items-center gap-1 rounded-corner border border-transparent px-2 py-0.5 text-sm font-semibold [overflow-wrap:break-word] ${tones[tone]}`}
    >
      <Icon tone={tone} />
      {children}
    </span>
  );
}
