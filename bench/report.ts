import { mkdirSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Spread } from './timing.ts';

/** One line of the table. `budget` is the most (or with `atLeast` the least) the judged value may be. */
export type Figure = {
  readonly id: string;
  readonly what: string;
  readonly value: Spread | number;
  readonly unit: string;
  readonly budget?: number;
  readonly atLeast?: boolean;
};

export type Judged = Figure & { readonly verdict: 'met' | 'MISSED' | '' };

export function judge(figure: Figure): Judged {
  const { budget, value } = figure;
  const number = typeof value === 'number' ? value : value.median;
  if (budget === undefined || Number.isNaN(number)) return { ...figure, verdict: '' };
  return { ...figure, verdict: (figure.atLeast === true ? number >= budget : number <= budget) ? 'met' : 'MISSED' };
}

/** The machine the figures are of. */
export function describeMachine(): string {
  const [cpu] = os.cpus();
  const memory = (os.totalmem() / 2 ** 30).toFixed(0);
  const load = os.loadavg()[0]?.toFixed(1);
  return `${os.cpus().length} cores (${cpu?.model.trim()}), ${memory} GiB, Node ${process.versions.node}, ${os.platform()} ${os.release()}, load before the run ${load}`;
}

/** Prints the table and keeps it as bench/latest.json. */
export function report(machine: string, figures: readonly Judged[], notMeasured: readonly string[]): void {
  const rows = figures.map((one) => [
    one.id,
    one.what,
    show(one.value, one.unit),
    one.budget === undefined ? '' : `${one.atLeast === true ? '>=' : '<='} ${plain(one.budget)} ${one.unit}`,
    one.verdict,
  ]);
  const head = ['', 'what', 'median (least … most)', 'budget', ''];
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => (row[column] ?? '').length)));
  const line = (row: readonly string[]): string =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd();
  console.log(`\n${machine}\n\n${[head, widths.map((width) => '-'.repeat(width)), ...rows].map(line).join('\n')}\n`);
  for (const one of notMeasured) console.log(`not measured here: ${one}`);
  const missed = figures.filter((one) => one.verdict === 'MISSED').length;
  const judged = figures.filter((one) => one.verdict !== '').length;
  console.log(`${judged - missed} budgets met, ${missed} missed`);
  const file = path.join(import.meta.dirname, 'latest.json');
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify({ machine, figures, notMeasured }, null, 2)}\n`);
}

function show(value: Spread | number, unit: string): string {
  if (typeof value === 'number') return `${plain(value)} ${unit}`;
  return `${plain(value.median)} ${unit} (${plain(value.least)} … ${plain(value.most)})`;
}

function plain(value: number): string {
  if (Number.isNaN(value)) return 'unknown';
  const digits = value >= 100 || Number.isInteger(value) ? 0 : value >= 10 ? 1 : 2;
  return value.toLocaleString('en', { maximumFractionDigits: digits, minimumFractionDigits: digits });
}
