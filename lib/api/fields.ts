import { z } from '@hono/zod-openapi';
import type { Currency } from '@/lib/domain/money.ts';
import { currencyDigits, readCurrency } from '@/lib/domain/money.ts';
import { readIsoText } from '@/lib/domain/time.ts';

/** The largest amount taken, in minor units: sums of many stay exact. */
const mostMinor = 999_999_999_999_999;

/** One line of text: 1 to `limit` characters, no line breaks, no other control characters, well-formed. */
export function text(limit: number) {
  return wellFormed(limit)
    .refine((given) => !/[\r\n\u2028\u2029]/u.test(given), 'must be one line')
    .refine((given) => !/\p{Cc}/u.test(given.replace(/[\r\n]/g, '')), 'must hold no control characters');
}

/** Text that may have several lines, such as an address: the same, but with line feeds and tabs. */
export function longText(limit: number) {
  return wellFormed(limit).refine(
    (given) => !/\p{Cc}/u.test(given.replace(/[\n\t]/g, '')),
    'must hold no control characters but line feeds and tabs',
  );
}

function wellFormed(limit: number) {
  return z
    .string({ error: 'must be text' })
    .min(1, 'must not be empty')
    .max(limit, `must not be longer than ${limit} characters`)
    .refine((given) => !/\p{Cs}/u.test(given), 'must be well-formed Unicode');
}

export const idText = z
  .string({ error: 'must be an id' })
  .regex(/^[A-Za-z0-9_-]{1,64}$/, 'must be 1 to 64 letters, digits, "_" or "-"');

export const emailText = text(320)
  .regex(/^[^\s@]+@[^\s@]+\.[^\s@]+$/, 'must be an address such as dewi@example.com')
  .openapi({ format: 'email' });

export function oneOf<const T extends readonly string[]>(...words: T) {
  return z.enum(words, { error: `must be one of ${words.join(', ')}` });
}

export const whole = z.int({ error: 'must be a whole number' });
export const amount = whole.min(0, 'must not be negative').max(mostMinor, `must not be more than ${mostMinor}`);
export const signedAmount = whole
  .min(-mostMinor, `must not be less than -${mostMinor}`)
  .max(mostMinor, `must not be more than ${mostMinor}`);

/** An instant in a body: ISO 8601 with a zone. Read as epoch ms. */
export const instant = z
  .string({ error: 'must be a time such as 2026-03-03T08:00:00.000Z' })
  .transform((given, context) => {
    const read = readIsoText(given);
    if (read !== null && read >= 0 && read <= 253_402_300_799_999) return read;
    context.addIssue({ code: 'custom', message: 'must be a time such as 2026-03-03T08:00:00.000Z' });
    return z.NEVER;
  })
  .openapi({ type: 'string', format: 'date-time' });

export const currency = z
  .string({ error: 'must be IDR or USD' })
  .transform((given, context): Currency => {
    const read = readCurrency(given);
    if (read !== null) return read;
    context.addIssue({ code: 'custom', message: 'must be IDR or USD' });
    return z.NEVER;
  })
  .openapi({ type: 'string', enum: Object.keys(currencyDigits) });

export const flag = z.boolean({ error: 'must be true or false' });

/** String to string, up to 50 keys of 40 characters with 500 each. */
export const metadata = z
  .record(text(40), z.string({ error: 'must be text' }).max(500, 'must not be longer than 500 characters'), {
    error: 'must be an object of texts',
  })
  .refine((given) => Object.keys(given).length <= 50, 'must not have more than 50 keys');

/** Nothing at all: the body of an act that needs no words, the query of a read that takes none. */
export const nothing = z.strictObject({});

/** What an answer shows, for the published description. */
export const shown = {
  time: z.iso.datetime(),
  timeOrNull: z.iso.datetime().nullable(),
  textOrNull: z.string().nullable(),
  amountOrNull: z.int().nullable(),
  metadata: z.record(z.string(), z.string()).nullable(),
  currency: z.enum(['IDR', 'USD']),
} as const;
