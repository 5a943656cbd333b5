/** Currencies we bill in, with the number of digits behind the point. A new currency joins with its digits. */
export const currencyDigits = { IDR: 0, USD: 2 } as const;

export type Currency = keyof typeof currencyDigits;

/** Whole minor units: 149000 IDR is Rp149.000, 4900 USD is $49.00. */
export type Money = { readonly amount: number; readonly currency: Currency };

export function readCurrency(text: unknown): Currency | null {
  return typeof text === 'string' && Object.hasOwn(currencyDigits, text) ? (text as Currency) : null;
}

/** Sums per currency, in order of first appearance. Never one sum across currencies. */
export function sumByCurrency(all: Iterable<Money>): Money[] {
  const sums = new Map<Currency, number>();
  for (const { amount, currency } of all) sums.set(currency, (sums.get(currency) ?? 0) + amount);
  return [...sums].map(([currency, amount]) => ({ amount, currency }));
}

/**
 * The tax inside a gross amount: round(total * rate / (1 + rate)), half up, in integers.
 * The rate is in basis points: 1100 is 11 %.
 */
export function taxWithin(totalMinor: number, rateBasisPoints: number): number {
  const numerator = BigInt(totalMinor) * BigInt(rateBasisPoints);
  const denominator = BigInt(10_000 + rateBasisPoints);
  return Number(roundHalfUp(numerator, denominator));
}

/** The tax on top of a net amount: round(net * rate), half up, in integers. The rate is in basis points. */
export function taxOnTop(netMinor: number, rateBasisPoints: number): number {
  return Number(roundHalfUp(BigInt(netMinor) * BigInt(rateBasisPoints), 10_000n));
}

function roundHalfUp(numerator: bigint, denominator: bigint): bigint {
  const negative = numerator < 0n;
  const size = negative ? -numerator : numerator;
  const rounded = (2n * size + denominator) / (2n * denominator);
  return negative ? -rounded : rounded;
}

/** The plain decimal text of an amount, such as "149000" or "49.00": for files, not for people. */
export function decimalText({ amount, currency }: Money): string {
  const digits = currencyDigits[currency];
  const sign = amount < 0 ? '-' : '';
  const size = String(Math.abs(amount)).padStart(digits + 1, '0');
  return digits === 0 ? sign + size : `${sign}${size.slice(0, -digits)}.${size.slice(-digits)}`;
}
