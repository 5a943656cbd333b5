import type { ReactNode } from 'react';

const shape = 'min-h-11 w-full rounded-corner border border-line bg-card px-3 py-2 text-base text-text';

/** A field with its label above it; at least 44 px high, text of 16 px. */
export function TextField({
  name,
  label,
  value,
  maxLength,
}: {
  name: string;
  label: string;
  value: string;
  maxLength: number;
}) {
  return (
    <div className="min-w-0">
      <label htmlFor={name} className="block text-sm text-quiet">
        {label}
      </label>
      <input
        id={name}
        name={name}
        defaultValue={value}
        maxLength={maxLength}
        autoComplete="off"
        spellCheck={false}
        className={shape}
      />
    </div>
  );
}

/** A field for one email address; `isWrong`: it was refused, and the summary above says why. */
export function EmailField({
  name,
  label,
  value,
  isWrong,
}: {
  name: string;
  label: string;
  value: string;
  isWrong: boolean;
}) {
  return (
    <div className="min-w-0">
      <label htmlFor={name} className="block text-sm text-quiet">
        {label}
      </label>
      <input
        id={name}
        name={name}
        type="email"
        defaultValue={value}
        maxLength={254}
        required
        autoComplete="email"
        spellCheck={false}
        aria-invalid={isWrong ? true : undefined}
        className={shape}
      />
    </div>
  );
}

/** A choice among a few, with its label above it. */
export function SelectField({
  name,
  label,
  value,
  options,
}: {
  name: string;
  label: string;
  value: string;
  options: readonly { readonly value: string; readonly text: ReactNode }[];
}) {
  return (
    <div className="min-w-0">
      <label htmlFor={name} className="block text-sm text-quiet">
        {label}
      </label>
      <select id={name} name={name} defaultValue={value} className={shape}>
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.text}
          </option>
        ))}
      </select>
    </div>
  );
}
