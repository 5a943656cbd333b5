/**
 * The whole suite, step by step: one line a step, the output of the first step that fails, and as the last line of
 * all `N passed, N failed`, the tests of every step together.
 *
 *   npm test                    everything
 *   npm test -- unit sqlite     only these steps
 */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const reports = path.join(root, '.cache/test');
const minute = 60_000;

/**
 * @typedef {object} Step
 * @property {string} name
 * @property {string[]} command a program of node_modules/.bin or `node`, and its arguments
 * @property {'vitest' | 'playwright'} [report] whose report to count
 * @property {Record<string, string>} [environment] on top of this process's own
 * @property {number} limit milliseconds until the step counts as hanging
 *
 * @typedef {{ passed: number, failed: number, skipped: number }} Count
 */

/** @type {Step[]} */
const steps = [
  { name: 'types', command: ['npm', 'run', '--silent', 'types'], limit: 5 * minute },
  { name: 'lint', command: ['npm', 'run', '--silent', 'lint'], limit: 5 * minute },
  { name: 'house', command: ['npm', 'run', '--silent', 'house'], limit: 5 * minute },
  { name: 'unit', command: runVitest('unit'), report: 'vitest', limit: 5 * minute },
  { name: 'sqlite', command: runVitest('sqlite'), report: 'vitest', limit: 15 * minute },
  { name: 'postgres', command: runVitest('postgres'), report: 'vitest', limit: 20 * minute },
  {
    name: 'build',
    command: ['npm', 'run', '--silent', 'build'],
    // One build for both: the output to copy is made beside what is served from here.
    environment: { PORTAL_STANDALONE: '1' },
    limit: 10 * minute,
  },
  { name: 'chromium', command: ['node', 'scripts/chromium.mjs'], limit: 20 * minute },
  {
    name: 'e2e',
    command: ['npm', 'run', '--silent', 'e2e'],
    report: 'playwright',
    limit: 35 * minute,
  },
  {
    name: 'looks',
    command: ['npm', 'run', '--silent', 'looks'],
    report: 'playwright',
    limit: 10 * minute,
  },
];

const chosen = process.argv.slice(2);
const unknown = chosen.filter((name) => !steps.some((step) => step.name === name));
if (unknown.length > 0) {
  console.error(`No step is called ${unknown.join(', ')}. Steps: ${steps.map((step) => step.name).join(' ')}.`);
  process.exit(2);
}

/** @type {Count} */
const total = { passed: 0, failed: 0, skipped: 0 };
rmSync(reports, { recursive: true, force: true });
mkdirSync(reports, { recursive: true });
const begun = performance.now();

for (const step of steps) {
  if (chosen.length > 0 && !chosen.includes(step.name)) continue;
  const started = performance.now();
  const { ok, output } = await runStep(step);
  const count = step.report === undefined ? undefined : readCount(step);
  const good = ok && (step.report === undefined || (count !== undefined && count.failed === 0 && count.passed > 0));
  total.passed += count?.passed ?? 0;
  total.skipped += count?.skipped ?? 0;
  total.failed += good ? 0 : Math.max(count?.failed ?? 0, 1);
  if (!good) console.log(output.trimEnd());
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  const tests =
    count === undefined ? '' : `, ${count.passed} passed${count.skipped > 0 ? `, ${count.skipped} skipped` : ''}`;
  console.log(`${step.name.padEnd(9)} ${good ? 'ok' : 'FAILED'}  ${seconds} s${tests}`);
  if (!good) break;
}
console.log(`total     ${((performance.now() - begun) / 1000).toFixed(0)} s on Node ${process.versions.node}`);
console.log(`${total.passed} passed, ${total.failed} failed`);
process.exitCode = total.failed > 0 ? 1 : 0;

/**
 * @param {Step} step
 * @returns {Promise<{ ok: boolean, output: string }>}
 */
async function runStep(step) {
  const [program = '', ...args] = step.command;
  const windows = process.platform === 'win32';
  const child = spawn(program, args, {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: !windows,
    shell: windows,
    env: {
      ...process.env,
      ...step.environment,
      CI: '1',
      NO_COLOR: '1',
      NEXT_TELEMETRY_DISABLED: '1',
      PLAYWRIGHT_REPORT: reportOf(step.name),
    },
  });
  /** @type {string[]} */
  const output = [];
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => output.push(text));
  const end = () => endGroup(child);
  const timer = setTimeout(() => {
    output.push(`\nNot done after ${step.limit / minute} minutes: ended.\n`);
    end();
  }, step.limit);
  const interrupt = () => {
    end();
    process.exit(130);
  };
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
  const code = await new Promise((resolve) => {
    child.once('error', (error) => {
      output.push(`${program} could not be started: ${error.message}\n`);
      resolve(1);
    });
    child.once('close', (exit) => resolve(exit ?? 1));
  });
  clearTimeout(timer);
  process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
  return { ok: code === 0, output: output.join('') };
}

/** @param {import('node:child_process').ChildProcess} child */
function endGroup(child) {
  if (child.pid === undefined) return;
  if (process.platform === 'win32') {
    spawnSync('taskkill', ['/pid', String(child.pid), '/t', '/f']);
    return;
  }
  try {
    process.kill(-child.pid, 'SIGTERM');
  } catch {
    // It ended in the meantime.
  }
}

/**
 * @param {Step} step
 * @returns {Count | undefined}
 */
function readCount(step) {
  const file = reportOf(step.name);
  if (!existsSync(file)) return undefined;
  const report = JSON.parse(readFileSync(file, 'utf8'));
  if (step.report === 'playwright') {
    const { expected, unexpected, flaky, skipped } = report.stats;
    return { passed: expected, failed: unexpected + flaky, skipped };
  }
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests,
    skipped: report.numPendingTests + report.numTodoTests,
  };
}

/** @param {string} project */
function runVitest(project) {
  const file = reportOf(project);
  return ['vitest', 'run', '--project', project, '--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
}

/** @param {string} name */
function reportOf(name) {
  return path.join(reports, `${name}.json`);
}
