import type { FailureCode } from './failures.ts';

/** An expected no: its code, the input field it is about (wire name), and facts a page may show. */
export type Failure<C extends FailureCode = FailureCode> = {
  readonly code: C;
  readonly message: string;
  readonly field?: string;
  readonly facts?: Readonly<Record<string, string | number | null>>;
  /** What the wire says beside the message: `error.details`. */
  readonly details?: Readonly<Record<string, unknown>>;
};

/** What an operation answers: a value, or a failure with a code. Exceptions are bugs. */
export type Result<T, C extends FailureCode = FailureCode> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly failure: Failure<C> };

export function succeed<T>(value: T): { readonly ok: true; readonly value: T } {
  return { ok: true, value };
}

export function fail<C extends FailureCode>(
  code: C,
  message: string,
  more: {
    field?: string;
    facts?: Readonly<Record<string, string | number | null>>;
    details?: Readonly<Record<string, unknown>>;
  } = {},
): { readonly ok: false; readonly failure: Failure<C> } {
  return { ok: false, failure: { code, message, ...more } };
}
