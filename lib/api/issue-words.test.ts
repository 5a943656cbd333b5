import { z } from '@hono/zod-openapi';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ConfigProblem, readConfig } from '@/lib/config.ts';
import { readBillingRecord } from '@/scripts/portal/billing-line-schema.ts';
import { readBodyInput, readQueryInput } from './input.ts';
import { issueWords } from './issue-words.ts';
import type { AnyRoute } from './route.ts';
import { routes } from './routes/all.ts';

/** How the schema library speaks when nobody taught it our words. */
const foreign = /invalid|expected|received|unrecognized|too (big|small)|regex|pattern/i;

const badValues = [null, 0, -1, 1.5, 1e300, true, '', 'x', '\n', 'x'.repeat(70_000), [], [null], [{}], {}, { x: 1 }];

/** The name of every field of a schema, also of the objects within it. */
function fieldsOf(schema: z.ZodType): string[] {
  const json = z.toJSONSchema(schema, { unrepresentable: 'any', io: 'input' });
  const names = new Set<string>();
  const walk = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return;
    if ('properties' in node && typeof node.properties === 'object' && node.properties !== null) {
      for (const name of Object.keys(node.properties)) names.add(name);
    }
    for (const part of Object.values(node)) walk(part);
  };
  walk(json);
  return [...names];
}

function complaintOf(route: AnyRoute, value: unknown): string {
  if (route.method !== 'GET') {
    const headers = new Headers({ 'content-type': 'application/json' });
    const read = readBodyInput(route.input, headers, new TextEncoder().encode(JSON.stringify(value)));
    return read.ok ? '' : read.failure.message;
  }
  const query = new URLSearchParams(
    Object.entries(typeof value === 'object' && value !== null ? value : {}).map(([name, one]) => [name, String(one)]),
  );
  const read = readQueryInput(route.input, `/x?${query}`);
  return read.ok ? '' : read.failure.message;
}

describe('a refusal speaks our words', () => {
  it.each(
    routes
      .filter(({ upload }) => upload === undefined)
      .map((route) => [`${route.method} ${route.path}`, route] as const),
  )('%s', (_name, route) => {
    const fields = fieldsOf(route.input);
    const wholes = [...badValues, ...badValues.map((bad) => Object.fromEntries(fields.map((field) => [field, bad])))];
    const singles = fields.flatMap((field) =>
      badValues.flatMap((bad) => [
        { [field]: bad },
        { [field]: { [field]: bad } },
        ...fields.map((inner) => ({ [field]: { [inner]: bad } })),
        ...fields.map((inner) => ({ [field]: [{ [inner]: bad }] })),
      ]),
    );
    for (const value of [...wholes, ...singles]) expect(complaintOf(route, value)).not.toMatch(foreign);
  });

  it('of a line of an import file', () => {
    const nouns = ['customer', 'plan', 'price', 'subscription', 'invoice', 'payment_method', 'receipt', 'refund'];
    fc.assert(
      fc.property(fc.constantFrom(...nouns), fc.jsonValue(), (object, value) => {
        const whole = typeof value === 'object' && value !== null && !Array.isArray(value) ? value : { id: value };
        const read = readBillingRecord({ ...whole, object, lines: [value], prices: [value] }, 'acc_1');
        const said = read.ok ? '' : read.problems.map(({ reason }) => reason).join('\n');
        expect(said).not.toMatch(foreign);
      }),
    );
  });

  it('of the configuration', () => {
    const names = ['ORIGIN', 'MODES', 'TEST_TOOLS', 'KEYS', 'DATABASE_FILE', 'TRUSTED_PROXIES', 'STRIPPED_PREFIX'];
    const all = [...names, 'STRICT_IDEMPOTENCY', 'DRAIN_SECONDS'].map((name) => `PORTAL_${name}`);
    for (const environment of [{}, Object.fromEntries([...all, 'DATABASE_URL'].map((name) => [name, '§']))]) {
      let said = '';
      try {
        readConfig(environment);
      } catch (thrown) {
        said = thrown instanceof ConfigProblem ? thrown.message : '';
      }
      expect(said).toContain('PORTAL_KEYS');
      expect(said).not.toMatch(foreign);
    }
  });

  it('where a schema has no words of its own', () => {
    const schema = z.strictObject({
      text: z.string().min(2),
      number: z.number().max(3),
      whole: z.int(),
      one: z.enum(['a', 'b']),
      list: z.array(z.string()).max(1),
      mail: z.email(),
    });
    const read = schema.safeParse(
      { text: 'x', number: 4, whole: 1.5, one: 'c', list: ['', ''] },
      { error: issueWords },
    );
    expect(read.error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}.`)).toEqual([
      'text: must have at least 2 characters.',
      'number: must be at most 3.',
      'whole: must be a whole number.',
      'one: must be "a" or "b".',
      'list: must hold at most 1.',
      'mail: is missing.',
    ]);
  });
});
