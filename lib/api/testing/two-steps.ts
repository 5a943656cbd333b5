import { z } from '@hono/zod-openapi';
import { makeRoute } from '@/lib/api/route.ts';
import { settleClaim } from '@/lib/data/idempotent-answers.ts';
import { takeNumber } from '@/lib/data/number-sequences.ts';
import { succeed } from '@/lib/domain/result.ts';

/** A write that claims its key beforehand, as one that asks a provider in between: it takes the next number. */
export const twoStepsRoute = makeRoute<unknown, number>({
  method: 'POST',
  path: '/two-steps',
  scope: 'plugipay:portal:create',
  successStatus: 201,
  strictIdempotency: true,
  summary: 'Take a number in two steps',
  tag: 'Test',
  input: z.unknown(),
  answer: z.object({ number: z.int() }),
  run: ({ call, scope, answering }) =>
    call.runtime.write(async (tx) => {
      const result = succeed(await takeNumber(tx, scope, 'two-steps'));
      await settleClaim(tx, answering, result);
      return result;
    }),
  toWire: (number) => ({ number }),
});
