import type { ReactNode } from 'react';

type Props = {
  type: 'radio' | 'checkbox';
  name: string;
  value: string;
  checked?: boolean;
  disabled?: boolean;
  children: ReactNode;
};

/** A radio or tick with a target of at least 44 px; the whole row is the label. */
export function Choice({ type, name, value, checked, disabled, children }: Props) {
  return (
    <label className="flex min-h-11 items-start gap-3 py-2.5">
      <input
        type={type}
        name={name}
        value={value}
        defaultChecked={checked}
        disabled={disabled}
        className="mt-0.5 size-5 shrink-0 accent-accent"
      />
      <span className="min-w-0">{children}</span>
    </label>
  );
}
