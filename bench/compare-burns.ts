import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { LaidLink } from '@/e2e/portal-data.ts';
import { layLinks, openBeside } from '@/e2e/portal-data.ts';
import { burnPortalLink } from '@/lib/operations/burn-portal-link.ts';
import { layMerchants } from './lay-ground.ts';
import type { Figure } from './report.ts';
import { quantile, spreadOf, timeCalls } from './timing.ts';

const rounds = 5;
const count = 400;
const inFlight = 16;

/**
 * The burn itself, without HTTP around it, against transactions of one row: in turns, in this process, on files of the
 * same settings in the same folder, every commit on the disk before it counts.
 */
export async function compareBurnsInProcess(
  environment: Readonly<Record<string, string>>,
  folder: string,
): Promise<Figure[]> {
  const on = await openBeside({
    ...environment,
    PORTAL_DATABASE_FILE: path.join(folder, 'burns.db'),
    DATABASE_URL: '',
  });
  const rows = openRows(path.join(folder, 'rows.db'));
  try {
    const links: LaidLink[] = [];
    const merchants = await layMerchants(on);
    for (const merchant of merchants)
      links.push(...(await layLinks(on, merchant, ((rounds * 2 + 2) * count) / merchants.length)));
    const burn = async (): Promise<void> => {
      const token = links.pop()?.token ?? '';
      const burned = await burnPortalLink(on, {
        token,
        nonce: randomBytes(16).toString('base64url'),
        formerSecret: null,
        maySwitch: false,
        arrival: 'cold',
        agent: 'Chrome|Linux',
        binding: 'none',
      });
      if (!burned.ok) throw new Error(burned.failure.message);
    };
    const addRow = async (): Promise<void> => rows.add();
    await timeCalls(count, inFlight, burn);
    await timeCalls(count, inFlight, addRow);
    const [many, one, row, ratio, times]: [number[], number[], number[], number[], number[]] = [[], [], [], [], []];
    for (let round = 0; round < rounds; round += 1) {
      const burns = await timeCalls(count, inFlight, burn);
      const alone = await timeCalls(count, 1, burn);
      const single = await timeCalls(count, inFlight, addRow);
      many.push(burns.perSecond);
      times.push(...burns.times);
      one.push(alone.perSecond);
      row.push(single.perSecond);
      ratio.push(burns.perSecond / single.perSecond);
    }
    times.sort((a, b) => a - b);
    const id = 'P10';
    return [
      { id, what: `burns a second in process, ${inFlight} in flight`, value: spreadOf(many), unit: '/s' },
      { id, what: 'burn in process p99', value: quantile(times, 0.99), unit: 'ms' },
      { id, what: 'burns a second in process, one at a time', value: spreadOf(one), unit: '/s' },
      { id, what: 'transactions of one row a second in process', value: spreadOf(row), unit: '/s' },
      {
        id,
        what: 'burns in process against transactions of one row',
        value: spreadOf(ratio),
        unit: 'x',
        budget: 1,
        atLeast: true,
      },
    ];
  } finally {
    rows.close();
    await on.close();
  }
}

/** A file with the settings of the embedded database, where a transaction writes one row. */
function openRows(file: string): { add(): void; close(): void } {
  const db = new DatabaseSync(file);
  db.exec(
    'pragma journal_mode = wal; pragma synchronous = full; create table rows (id integer primary key, text text)',
  );
  const [begin, insert, commit] = [
    db.prepare('begin immediate'),
    db.prepare('insert into rows (text) values (?)'),
    db.prepare('commit'),
  ];
  let next = 0;
  return {
    add() {
      next += 1;
      begin.run();
      insert.run(`row ${next}`);
      commit.run();
    },
    close: () => db.close(),
  };
}
