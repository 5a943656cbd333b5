import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readStrictJson } from './strict-json.ts';

const read = (text: string) => readStrictJson(new TextEncoder().encode(text));

describe('strict JSON', () => {
  it('reads what JSON.parse reads, where no name repeats or reaches for a prototype', () => {
    const names = fc.string().filter((name) => !['__proto__', 'constructor', 'prototype'].includes(name));
    const values = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 8 },
        fc.jsonValue({ maxDepth: 0 }),
        fc.array(tie('value'), { maxLength: 4 }),
        fc.dictionary(names, tie('value'), { maxKeys: 4, noNullPrototype: true }),
      ),
    }));
    fc.assert(
      fc.property(values.value, fc.constantFrom(0, 1, '\t'), (value, space) => {
        const text = JSON.stringify(value, null, space);
        expect(read(text)).toEqual({ ok: true, value: JSON.parse(text) });
      }),
      { numRuns: 500 },
    );
  });

  it.each(['', ' '])('reads %j as nothing sent, or as broken', (text) => {
    expect(read(text).ok).toBe(text === '');
  });

  it.each([
    ['{"a":1,"a":1}', 'a'],
    ['{"a":1,"\\u0061":1}', 'a'],
    ['[{"x":{"b":1 , "b" \n:2}}]', 'b'],
    ['{"__proto__":1}', '__proto__'],
    ['{"\\u005f_proto__":1}', '__proto__'],
    ['{"a":[{"prototype":1}]}', 'prototype'],
    ['{"constructor":null}', 'constructor'],
  ])('refuses the names of %s', (text, field) => {
    expect(read(text)).toMatchObject({ ok: false, failure: { code: 'validation_error', field } });
  });

  it.each([
    '{"a":"a","b":"a"}',
    '{"a":{"a":{"a":1}}}',
    '[{"a":1},{"a":2}]',
    '{"a":"__proto__"}',
    '{"a":"\\"b\\":","b":1}',
    '["constructor"]',
  ])('takes the names of %s', (text) => {
    expect(read(text)).toEqual({ ok: true, value: JSON.parse(text) });
  });

  it('takes 20 levels and refuses 21, braces in texts not counted', () => {
    const nested = (levels: number) => `${'{"a":'.repeat(levels - 1)}"[[[[{{{{"${'}'.repeat(levels - 1)}`;
    expect(read(`[${nested(20)}]`).ok).toBe(true);
    expect(read(`[[${nested(20)}]]`).ok).toBe(false);
    expect(read('{"a":'.repeat(100_000)).ok).toBe(false);
  });

  it('reads 256 KiB of the worst kinds in a moment', () => {
    const size = 262_144;
    const worst = [
      '['.repeat(size),
      '"'.repeat(size),
      `"${' '.repeat(size)}`,
      `[${'"",'.repeat(size / 3)}""]`,
      `{${Array.from({ length: size / 12 }, (_, i) => `"${i}":1`).join()}}`,
      `["a"${' '.repeat(size)}]`,
      '\\'.repeat(size),
    ];
    for (const text of worst) {
      const started = performance.now();
      read(text);
      expect(performance.now() - started).toBeLessThan(500);
    }
  });
});
