import { describe, expect, test } from 'vitest';
import { compareShapes, readMessage } from './house/message-arguments.mjs';
import { findViolations } from './house/rules.mjs';
import { blankText } from './house/source-text.mjs';
import { listUnused } from './house/unused.mjs';

/** The rules that one file breaks, with lines: `clock:3`. */
function rulesOf(file: string, text: string): string[] {
  return findViolations(new Map([[file, text]])).map(({ line, rule }) => `${rule}:${line}`);
}

describe('names', () => {
  test.each([
    ['scratch.mjs', 'root-names:1'],
    ['src/a.ts', 'root-names:1'],
    ['lib/services/a.ts', 'lib-names:1'],
    ['lib/money.ts', 'lib-names:1'],
    ['lib/data/PaymentMethods.ts', 'kebab-case:1'],
    ['app/(portal)/payment_methods/route.tsx', 'kebab-case:1'],
    ['components/ui/index.ts', 'barrel:1'],
    ['lib/domain/utils.ts', 'vague-name:1'],
    ['components/helpers/button.tsx', 'vague-name:1'],
    ['lib/data/tenant-rows.ts', 'words:1'],
  ])('%s is refused', (file, rule) => {
    expect(rulesOf(file, 'export const a = 1;\n')).toContain(rule);
  });

  test.each([
    'lib/config.ts',
    'lib/config.test.ts',
    'lib/data/payment-methods.db.test.ts',
    'lib/html/document.tsx',
    'app/(portal)/receipts/[receiptId]/pdf/route.ts',
    'app/api/v1/[...path]/route.ts',
    'app/(portal)/invoices/_components/filter-bar.tsx',
  ])('%s is welcome', (file) => {
    expect(rulesOf(file, 'export const a = 1;\n')).toEqual([]);
  });
});

describe('sources', () => {
  test.each([
    ['a cast to Viewer', 'export const v = {} as Viewer;', 'viewer-cast:1'],
    ['a cast to Viewer by way of unknown', 'export const v = {} as unknown as Viewer;', 'viewer-cast:1'],
    ['reading the wall clock', 'export const a = 1;\nexport const t = Date.now();', 'clock:2'],
    ['a new Date without an argument', 'export const t = new Date();', 'clock:1'],
    ['a new Date without brackets', 'export const t = new Date;', 'clock:1'],
    ['Date called as a function', 'export const t = Date();', 'clock:1'],
    ['a clock inside a template', 'export const t = `at ${Date.now()}`;', 'clock:1'],
    ['chance from Math', 'export const r = Math.random();', 'chance:1'],
    ['an import from above', "import { a } from '../a.ts';\nexport const b = a;", 'parent-import:1'],
    ['a dynamic import from above', "export const b = import('../a.ts');", 'parent-import:1'],
    ['an import without extension', "import { a } from './a';\nexport const b = a;", 'import-extension:1'],
    ['a barrel', "export { a } from './a.ts';\nexport * from './b.ts';\n", 'barrel:1'],
    ['a barrel over several lines', "export {\n  a,\n  b,\n} from './a.ts';\n", 'barrel:1'],
    ['a server action', "'use server';\nexport async function act() {}", 'server-action:1'],
    ['a forbidden word', 'export function consumeLink() {}', 'words:1'],
    ['a forbidden word in a type', 'export type A = { tenantId: string };', 'words:1'],
    ['revoking a browser session', 'export function revokeSession() {}', 'words:1'],
    ['SQL outside data', "import { sql } from 'kysely';\nexport const a = sql;", 'sql:1'],
    ['a path of one machine', "export const a = '/home/someone/project';", 'machine-path:1'],
  ])('%s is refused', (_name, text, rule) => {
    expect(rulesOf('lib/operations/mint-portal-session.ts', `${text}\n`)).toContain(rule);
  });

  test('a transaction opened by a page is refused', () => {
    const text = 'export const GET = async () => (await runtime()).write(async () => 1);\n';
    expect(rulesOf('app/(portal)/invoices/route.tsx', text)).toEqual(['write:1']);
    expect(rulesOf('lib/operations/cancel-subscription.ts', text)).toEqual([]);
  });

  test('an operation that imports more of a provider than its types is refused', () => {
    const text = "import { x } from '@/lib/providers/provider.ts';\nexport const a = x;\n";
    expect(rulesOf('lib/operations/pay-invoice.ts', text)).toEqual(['provider-types:1']);
    expect(rulesOf('lib/operations/pay-invoice.ts', text.replace('import {', 'import type {'))).toEqual([]);
  });

  test('a test that waits is refused', () => {
    const text = 'await new Promise((resolve) => setTimeout(resolve, 50));\n';
    expect(rulesOf('lib/session/link.test.ts', text)).toEqual(['sleep:1']);
  });

  test('what comments, strings and patterns say breaks no rule', () => {
    const text = [
      '// Date.now() and tenant',
      '/* new Date() */',
      "export const a = 'Date.now() tenant consume';",
      'export const b = /tenant["\'`]/;',
      'export const c = `tenant ${a} consume`;',
      'export const d = new Date(0).toISOString();',
      "export const e = headers.get('user-agent') ?? userAgent;",
    ].join('\n');
    expect(rulesOf('lib/session/link.ts', text)).toEqual([]);
  });

  test('lib/session makes viewers and lib/runtime.ts reads the clock', () => {
    expect(rulesOf('lib/session/viewer.ts', 'export const v = {} as Viewer;\n')).toEqual([]);
    expect(rulesOf('lib/runtime.ts', 'export const now = () => Date.now();\n')).toEqual([]);
  });
});

describe('messages', () => {
  const english = 'lib/i18n/messages/en/cancel.json';
  const indonesian = 'lib/i18n/messages/id/cancel.json';
  const advice = (en: unknown, id: unknown): string[] =>
    findViolations(
      new Map([
        [english, JSON.stringify(en)],
        [indonesian, JSON.stringify(id)],
      ]),
    ).map((violation) => violation.advice);

  test.each([
    ['a missing key', { a: 'A', b: 'B' }, { a: 'A' }, 'b is missing: translate it'],
    ['a key English does not have', { a: 'A' }, { a: 'A', b: 'B' }, 'b is not in English'],
    ['a missing value', { a: 'Until {date}' }, { a: 'Sampai' }, 'a: {date} is missing'],
    ['another value', { a: 'Until {date}' }, { a: 'Sampai {tanggal}' }, 'a: {tanggal} is not in the English message'],
    ['another kind of value', { a: '{n, number}' }, { a: '{n, date}' }, 'a: {n} is a date, in English a number'],
    ['a plural without other', { a: '{n, plural, one {x}}' }, { a: 'x {n}' }, 'a: {n, plural} has no branch other'],
    [
      'a lost branch',
      { a: '{s, select, x {1} other {2}}' },
      { a: '{s, select, other {2}}' },
      'a: {s} has the branches other',
    ],
    ['a lost tag', { a: 'See <link>here</link>' }, { a: 'Lihat' }, 'a: <link> is missing'],
    ['an open brace', { a: 'Until {date' }, { a: 'Sampai {date}' }, 'a: {date} is not closed'],
    ['an empty message', { a: '' }, { a: 'A' }, 'a: the message is empty'],
    ['a nested key', { a: { b: 'B' } }, { a: {} }, 'a.b is missing: translate it'],
  ])('%s is refused', (_name, en, id, expected) => {
    expect(advice(en, id).some((line) => line.startsWith(expected))).toBe(true);
  });

  test('a screen that one language lacks is refused', () => {
    const files = new Map([
      [english, '{"a":"A"}'],
      ['lib/i18n/messages/id/other.json', '{}'],
    ]);
    expect(findViolations(files).map(({ file, rule }) => `${file} ${rule}`)).toContain(`${indonesian} messages`);
  });

  test('a plural may become plain text where a language has no plural', () => {
    expect(advice({ a: '{n, plural, one {# day} other {# days}}' }, { a: '{n} hari' })).toEqual([]);
  });

  test('quoted braces are text', () => {
    expect([...readMessage("It''s '{not}' a {value}").values.keys()]).toEqual(['value']);
    expect(compareShapes(readMessage("'{'a'}'"), readMessage('a'))).toEqual([]);
  });
});

describe('documents', () => {
  test('a map in the README that names what is not there is refused', () => {
    const readme = [
      '# Portal',
      '## The map of the house',
      '```text',
      'package.json  biome.json   one-word scripts',
      'lib/          the rest',
      '  domain/     rules',
      '    gone.ts   left long ago',
      '  cellar/     never was',
      '```',
    ].join('\n');
    const files = new Map([
      ['README.md', readme],
      ['biome.json', '{}'],
      ['lib/domain/money.ts', ''],
    ]);
    expect(findViolations(files).map(({ line, advice }) => `${line} ${advice}`)).toEqual([
      '4 the map names package.json, which does not exist',
      '7 the map names lib/domain/gone.ts, which does not exist',
      '8 the map names lib/cellar, which does not exist',
    ]);
  });

  test('a dependency without a reason is refused', () => {
    const files = new Map([
      ['package.json', '{\n  "dependencies": {\n    "hono": "4.0.0",\n    "left-pad": "1.0.0"\n  }\n}'],
      ['docs/decisions/0009-dependencies.md', 'Routes: `hono`.'],
    ]);
    expect(findViolations(files).map(({ line, rule }) => `${rule}:${line}`)).toEqual(['dependency:4']);
  });
});

describe('the configuration', () => {
  test('a variable without an explanation, and an explanation without a variable, are refused', () => {
    const files = new Map([
      ['lib/config.ts', '// PORTAL_OLD\nexport const schema = { PORTAL_A: 1, PORTAL_B: 2 };\n'],
      ['.env.example', 'PORTAL_A=\n# PORTAL_OLD=\n'],
    ]);
    expect(findViolations(files).map(({ file, line, rule }) => `${file}:${line} ${rule}`)).toEqual([
      '.env.example:2 env-example',
      'lib/config.ts:2 env-example',
    ]);
  });
});

describe('what nobody uses', () => {
  test('becomes a violation with its file, its line and what to do', () => {
    const report = {
      issues: [
        { file: 'lib/a.ts', files: [{ name: 'lib/a.ts' }], exports: [] },
        { file: 'package.json', dependencies: [{ name: 'left-pad', line: 7 }] },
      ],
    };
    expect(listUnused(report as never).map(({ file, line, rule }) => `${file}:${line} ${rule}`)).toEqual([
      'lib/a.ts:1 unused-files',
      'package.json:7 unused-dependencies',
    ]);
  });
});

describe('blanking', () => {
  test('keeps every character in its place', () => {
    const text = 'const a = "x"; // y\nconst b = `p ${q /* z */} r`; const c = /"/.test(a) ? 1 / 2 : d;';
    const { code, uncommented } = blankText(text);
    expect(code).toBe('const a = " ";     \nconst b = `  ${q        }  `; const c = / /.test(a) ? 1 / 2 : d;');
    expect(uncommented).toBe('const a = "x";     \nconst b = `p ${q        } r`; const c = /"/.test(a) ? 1 / 2 : d;');
  });

  test('a quote in markup text opens nothing', () => {
    const { code } = blankText("<p>Don't</p>;\nDate.now();");
    expect(code).toContain('Date.now()');
  });
});
