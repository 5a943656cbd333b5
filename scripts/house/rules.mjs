/**
 * The rules of the house that Biome cannot see. Pure: files in, violations out.
 */
import { compareShapes, readMessage } from './message-arguments.mjs';
import { blankText, lineAt } from './source-text.mjs';

/**
 * @typedef {object} Violation
 * @property {string} file
 * @property {number} line
 * @property {string} rule
 * @property {string} advice what to do about it
 *
 * @typedef {ReadonlyMap<string, string>} Files path from the root, with slashes → text
 * @typedef {(line: number, rule: string, advice: string) => void} Report
 */

const rooms = new Set([
  'api',
  'crypto',
  'data',
  'documents',
  'domain',
  'html',
  'i18n',
  'jobs',
  'mail',
  'operations',
  'providers',
  'session',
]);
const loose = new Set(['config.ts', 'log.ts', 'runtime.ts']);

/** What may stand at the root of the project. */
const atRoot = new Set([
  '.ci',
  '.dockerignore',
  '.env.example',
  '.gitignore',
  '.npmrc',
  'AGENTS.md',
  'Dockerfile',
  'README.md',
  'app',
  'bench',
  'biome.json',
  'compose.yaml',
  'components',
  'docs',
  'e2e',
  'instrumentation.ts',
  'knip.jsonc',
  'lib',
  'next.config.mjs',
  'package.json',
  'playwright.config.ts',
  'proxy.ts',
  'public',
  'scripts',
  'tsconfig.json',
  'vitest.config.ts',
]);

/** Words the product has another word for; see the glossary. */
const words = new Map([
  ['tenant', 'workspace'],
  ['tenants', 'workspaces'],
  ['organization', 'workspace'],
  ['consume', 'burn'],
  ['consumed', 'burned'],
  ['consumes', 'burns'],
  ['redeem', 'burn'],
  ['redeemed', 'burned'],
  ['redeems', 'burns'],
  ['login', 'enter'],
  ['logout', 'sign out, or end'],
  ['user', 'customer or viewer'],
  ['users', 'customers'],
  ['impersonate', 'mint'],
]);
const wordExceptions = new Set(['userAgent', 'useragent', 'user_agent']);
const phrases = [
  { pattern: /\b(?:revoke|destroy|kill)(?:Browser)?Sessions?\b/g, advice: 'a browser session is ended: say end' },
  { pattern: /\bmagicLinks?\b/gi, advice: 'say portal link' },
  { pattern: /\bcurrentUser\b/g, advice: 'say viewer' },
];
const vagueNames = new Set(['utils', 'util', 'helpers', 'helper', 'common', 'misc', 'shared', 'services', 'service']);

/**
 * Every violation, in the order of files and lines.
 * @param {Files} files
 * @returns {Violation[]}
 */
export function findViolations(files) {
  /** @type {Violation[]} */
  const violations = [];
  for (const [file, text] of files) {
    /** @type {Report} */
    const report = (line, rule, advice) => violations.push({ file, line, rule, advice });
    checkName(file, report);
    checkMachinePaths(file, text, report);
    if (/\.(ts|tsx|mjs)$/.test(file) && !file.startsWith('docs/')) checkSource(file, text, report);
  }
  checkMessages(files, (file) => (line, rule, advice) => violations.push({ file, line, rule, advice }));
  checkVariables(files, (file) => (line, rule, advice) => violations.push({ file, line, rule, advice }));
  checkReadme(files, (line, rule, advice) => violations.push({ file: 'README.md', line, rule, advice }));
  checkDependencies(files, (line, rule, advice) => violations.push({ file: 'package.json', line, rule, advice }));
  return violations.sort((a, b) => a.file.localeCompare(b.file, 'en') || a.line - b.line);
}

/**
 * @param {string} file
 * @param {Report} report
 */
function checkName(file, report) {
  const parts = file.split('/');
  const [top = '', second = ''] = parts;
  if (!atRoot.has(top)) {
    report(1, 'root-names', `${top} is not on the map of the house: remove it (or name it *.tmp.* for yourself alone)`);
  }
  if (top === 'lib') {
    const known = parts.length === 2 ? loose.has(second.replace(/(\.db)?\.test\.ts$/, '.ts')) : rooms.has(second);
    if (!known)
      report(
        1,
        'lib-names',
        `lib/${second} is not on the map of the house: move it into a room, or change the map on purpose`,
      );
  }
  if (!['app', 'components', 'lib', 'e2e', 'bench', 'scripts'].includes(top)) return;
  for (const part of parts.slice(1)) {
    const bare = part.replace(/^\(([^)]+)\)$/, '$1').replace(/^_/, '');
    if (/^\[{1,2}(\.\.\.)?[a-z][A-Za-z0-9]*\]{1,2}$/.test(bare)) continue;
    if (!/^[a-z0-9]+([-.][a-z0-9]+)*$/.test(bare))
      report(1, 'kebab-case', `rename ${part}: lower case, words joined by hyphens`);
  }
  const name = parts.at(-1)?.replace(/(\.db)?(\.test|\.spec)?\.(tsx?|mjs)$/, '') ?? '';
  if (!/\.(tsx?|mjs)$/.test(file)) return;
  if (name === 'index') report(1, 'barrel', 'no index files: import what you need from the file that has it');
  for (const part of [...parts.slice(1, -1), name]) {
    if (vagueNames.has(part)) report(1, 'vague-name', `${part} says nothing: name the idea it holds`);
  }
}

/**
 * @param {string} file
 * @param {string} text
 * @param {Report} report
 */
function checkMachinePaths(file, text, report) {
  if (/\.(png|ico|woff2?|ttf|pdf)$/.test(file) || file.startsWith('scripts/house')) return;
  each(
    text,
    /(?<![\w.:/~-])\/(?:home|root|Users|work|mnt|workspaces?)\/(?=[\w.])[^\s"'`)]*|[A-Z]:\\Users\\/g,
    (match) => {
      report(
        lineAt(text, match.index),
        'machine-path',
        `${match[0]} exists on one machine only: use a path from the project's root`,
      );
    },
  );
}

/**
 * @param {string} file
 * @param {string} text
 * @param {Report} report
 */
function checkSource(file, text, report) {
  const { code, uncommented } = blankText(text);
  /**
   * @param {string} view
   * @param {RegExp} pattern
   * @param {string} rule
   * @param {string | ((match: RegExpExecArray) => string | null)} advice
   */
  const refuse = (view, pattern, rule, advice) =>
    each(view, pattern, (match) => {
      // What stands inside a string is text, though the string itself may be part of a match.
      const first = match.index + match[0].search(/\S/);
      if (code[first] === ' ') return;
      const said = typeof advice === 'string' ? advice : advice(match);
      if (said !== null) report(lineAt(text, match.index), rule, said);
    });
  const isTest = /\.test\.tsx?$/.test(file);
  const isProduct = /^(app|components|lib)\/|^(proxy|instrumentation)\.ts$/.test(file);

  refuse(
    uncommented,
    /(?:\bfrom|\bimport)\s*\(?\s*(['"])(\.\.\/[^'"]*|\.\.)\1/g,
    'parent-import',
    ([, , name]) => `import ${name} by its path from the root: @/…`,
  );
  refuse(uncommented, /(?:\bfrom|\bimport)\s*\(?\s*(['"])((?:\.|@)\/[^'"]*)\1/g, 'import-extension', ([, , name]) =>
    /\.(ts|tsx|mjs|json|css)$/.test(name ?? '') ? null : `import ${name} with its extension`,
  );
  if (!isProduct) return;

  if (!file.startsWith('lib/session/') && !file.includes('/testing/')) {
    refuse(
      code,
      /\bas\s+(?:unknown\s+as\s+)?Viewer\b|<Viewer>\s*[({[]/g,
      'viewer-cast',
      'only the gates in lib/session make a Viewer: take one as an argument',
    );
  }
  if (file !== 'lib/runtime.ts') {
    refuse(
      code,
      /\bDate\s*\.\s*now\b|\bnew\s+Date\b(?!\s*\(\s*[^)\s])|(?<!new\s)(?<![\w.])Date\s*\(\s*\)/g,
      'clock',
      'time is a parameter: take now: Instant, which the runtime gives',
    );
  }
  refuse(code, /\bMath\s*\.\s*random\b/g, 'chance', 'take random bytes from the runtime');
  if (!isTest) {
    const exporting = uncommented.split('\n').filter((line) => line.trim() !== '');
    if (
      exporting.length > 0 &&
      exporting.every((line) => /^(export\s+(type\s+)?[{*]|[\w\s,]+,?$|\}\s*from\b)/.test(line.trim()))
    ) {
      report(1, 'barrel', 'a file that only exports other files: import from those');
    }
  }
  refuse(uncommented, /^\s*(['"])use server\1/gm, 'server-action', 'writes are plain forms posted to route handlers');
  if (isTest) refuse(code, /\bsetTimeout\b/g, 'sleep', 'tests do not wait: move the clock');
  if (!file.startsWith('lib/data/')) {
    refuse(
      uncommented,
      /\bfrom\s+(['"])(kysely|kysely\/[^'"]*|pg|node:sqlite)\1/g,
      'sql',
      ([, , name]) => `${name} stays in lib/data: SQL lives there, all of it`,
    );
  }
  if (/^(lib\/(operations|jobs))\//.test(file) && !isTest) {
    refuse(
      uncommented,
      /^import\s+(?!type\b)[^;]*?\bfrom\s+(['"])@\/lib\/providers\/[^'"]*\1/gm,
      'provider-types',
      'take the provider from the runtime; import only its types (import type)',
    );
  }
  if (/^(app|components|lib\/(api|session|documents|html))\//.test(file) && !isTest && !file.includes('/testing/')) {
    refuse(
      code,
      /\bruntime\b[\w().\s]*\.\s*write\s*\(/g,
      'write',
      'only operations and jobs open a transaction: make an operation of it',
    );
  }
  refuse(code, /[A-Za-z_$][\w$]*/g, 'words', ([identifier]) => {
    if (wordExceptions.has(identifier)) return null;
    for (const part of splitWords(identifier)) {
      const better = words.get(part);
      if (better !== undefined) return `${identifier}: not ${part}, say ${better}`;
    }
    return null;
  });
  for (const { pattern, advice } of phrases) refuse(code, pattern, 'words', advice);
  for (const part of splitWords(file.replace(/\.\w+$/, ''))) {
    const better = words.get(part);
    if (better !== undefined) report(1, 'words', `in the file's name: not ${part}, say ${better}`);
  }
}

/**
 * English is the source: every other language has the same files, keys and values.
 * @param {Files} files
 * @param {(file: string) => Report} reportIn
 */
function checkMessages(files, reportIn) {
  const base = 'lib/i18n/messages/';
  const locales = new Set(
    [...files.keys()]
      .filter((file) => file.startsWith(base))
      .map((file) => file.slice(base.length).split('/')[0] ?? ''),
  );
  const names = new Set(
    [...files.keys()]
      .filter((file) => file.startsWith(base) && file.endsWith('.json'))
      .map((file) => file.slice(base.length).split('/').slice(1).join('/')),
  );
  if (names.size > 0 && !locales.has('id')) reportIn(`${base}id`)(1, 'messages', 'Indonesian is missing');
  for (const name of names) {
    const sourceFile = `${base}en/${name}`;
    const source = readMessages(files, sourceFile, reportIn(sourceFile));
    for (const locale of locales) {
      if (locale === 'en') continue;
      const file = `${base}${locale}/${name}`;
      const text = files.get(file) ?? '';
      const report = reportIn(file);
      const translation = readMessages(files, file, report);
      for (const key of new Set([...source.keys(), ...translation.keys()])) {
        const line = lineOfKey(text, key);
        const a = source.get(key);
        const b = translation.get(key);
        if (a === undefined) report(line, 'messages', `${key} is not in English: remove it or add it to ${sourceFile}`);
        else if (b === undefined) report(line, 'messages', `${key} is missing: translate it`);
        else for (const difference of compareShapes(a, b)) report(line, 'messages', `${key}: ${difference}`);
      }
    }
  }
}

/**
 * @param {Files} files
 * @param {string} file
 * @param {Report} report
 */
function readMessages(files, file, report) {
  /** @type {Map<string, import('./message-arguments.mjs').MessageShape>} */
  const shapes = new Map();
  const text = files.get(file);
  if (text === undefined) {
    report(1, 'messages', 'the file is missing: every language has every screen');
    return shapes;
  }
  /**
   * @param {unknown} value
   * @param {string} key
   */
  const add = (value, key) => {
    if (typeof value === 'object' && value !== null) {
      for (const [name, inner] of Object.entries(value)) add(inner, key === '' ? name : `${key}.${name}`);
      return;
    }
    try {
      if (typeof value !== 'string' || value.trim() === '') throw new Error('the message is empty');
      shapes.set(key, readMessage(value));
    } catch (error) {
      report(lineOfKey(text, key), 'messages', `${key}: ${error instanceof Error ? error.message : error}`);
    }
  };
  try {
    add(JSON.parse(text), '');
  } catch {
    report(1, 'messages', 'the file is not JSON');
  }
  return shapes;
}

/**
 * @param {string} text
 * @param {string} key dotted
 */
function lineOfKey(text, key) {
  const index = text.indexOf(`"${key.split('.').at(-1)}"`);
  return index < 0 ? 1 : lineAt(text, index);
}

/**
 * Every file and folder that the README's map names exists.
 * @param {Files} files
 * @param {Report} report
 */
function checkReadme(files, report) {
  const readme = files.get('README.md');
  if (readme === undefined) return;
  const places = new Set();
  for (const file of files.keys()) {
    const parts = file.split('/');
    for (let i = 1; i <= parts.length; i++) places.add(parts.slice(0, i).join('/'));
  }
  let inMap = false;
  let inBlock = false;
  /** @type {{ indent: number, path: string }[]} */
  let open = [];
  for (const [index, line] of readme.split('\n').entries()) {
    if (/^#+\s/.test(line) && !inBlock) inMap = /\b(map|house)\b/i.test(line);
    if (!inMap) continue;
    if (line.startsWith('```')) {
      inBlock = !inBlock;
      open = [];
      continue;
    }
    if (!inBlock || line.trim() === '') continue;
    const indent = line.length - line.trimStart().length;
    open = open.filter((entry) => entry.indent < indent);
    const folder = open.map((entry) => entry.path).join('/');
    for (const word of line.trim().split(/\s+/)) {
      if (!/^[\w.()[\]@/-]+$/.test(word) || !/\/$|\.\w+$|^\.\w/.test(word)) break;
      const path = word.replace(/\/$/, '');
      const full = folder === '' ? path : `${folder}/${path}`;
      if (!places.has(full)) report(index + 1, 'readme-map', `the map names ${full}, which does not exist`);
      if (word.endsWith('/')) open.push({ indent, path });
    }
  }
}

/**
 * Every variable of the configuration is explained to whoever deploys, and none that is not read.
 * @param {Files} files
 * @param {(file: string) => Report} reportIn
 */
function checkVariables(files, reportIn) {
  const config = files.get('lib/config.ts');
  const example = files.get('.env.example');
  if (config === undefined || example === undefined) return;
  const pattern = /\b(?:PORTAL_[A-Z_]+|DATABASE_URL)\b/g;
  const read = new Set(blankText(config).code.match(pattern));
  const explained = new Set(example.match(pattern));
  for (const name of read) {
    if (!explained.has(name)) {
      reportIn('lib/config.ts')(lineAt(config, config.indexOf(name)), 'env-example', `explain ${name} in .env.example`);
    }
  }
  for (const name of explained) {
    if (!read.has(name)) {
      reportIn('.env.example')(lineAt(example, example.indexOf(name)), 'env-example', `${name} is not read: remove it`);
    }
  }
}

/**
 * Every direct dependency has its reason in a decision record.
 * @param {Files} files
 * @param {Report} report
 */
function checkDependencies(files, report) {
  const text = files.get('package.json');
  if (text === undefined) return;
  const records = [...files].filter(([file]) => file.startsWith('docs/decisions/')).map(([, record]) => record);
  const manifest = JSON.parse(text);
  for (const kind of ['dependencies', 'devDependencies', 'optionalDependencies']) {
    for (const name of Object.keys(manifest[kind] ?? {})) {
      if (records.some((record) => record.includes(`\`${name}\``))) continue;
      report(
        lineOfKey(text, name),
        'dependency',
        `${name} has no reason in docs/decisions: write one sentence there, with the name in \`backticks\``,
      );
    }
  }
}

/** @param {string} name */
function splitWords(name) {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/);
}

/**
 * @param {string} text
 * @param {RegExp} pattern
 * @param {(match: RegExpExecArray) => void} visit
 */
function each(text, pattern, visit) {
  for (const match of text.matchAll(pattern)) visit(match);
}
