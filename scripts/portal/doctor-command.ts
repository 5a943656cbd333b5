import { ConfigProblem } from '@/lib/config.ts';
import { measureFile } from '@/lib/data/health.ts';
import { jobs } from '@/lib/jobs/runner.ts';
import type { Finding } from '@/lib/operations/examine-deployment.ts';
import { examineDeployment } from '@/lib/operations/examine-deployment.ts';
import type { Deployment } from '@/lib/runtime.ts';
import { openUsableDatabase } from '@/lib/runtime.ts';
import type { Command, CommandCall } from './command.ts';
import { CommandProblem, count } from './command.ts';

export const doctor: Command = {
  name: 'doctor',
  about: 'Looks at configuration, database, clock, secrets, audit, jobs and disk, and says what to do.',
  operand: null,
  options: [],
  notes: [
    'One line each: ok, warn or FAIL. The exit code is 1 when anything fails. It changes nothing, and may be run while the',
    'portal runs.',
  ],
  async run(call) {
    const findings = await examine(call);
    for (const { level, about, said, todo } of findings) {
      call.say(`${level.padEnd(4)}  ${about.padEnd(13)}  ${said}${todo === null ? '' : `: ${todo}`}`);
    }
    const failed = findings.filter(({ level }) => level === 'FAIL').length;
    if (failed > 0) throw new CommandProblem(`${count(failed, 'check')} failed.`);
  },
};

async function examine(call: CommandCall): Promise<Finding[]> {
  let on: Deployment;
  try {
    on = call.deployment();
  } catch (thrown) {
    if (!(thrown instanceof ConfigProblem)) throw thrown;
    const said = thrown.message.replace(/\s*\n\s*/g, ' ');
    return [{ level: 'FAIL', about: 'configuration', said, todo: null }];
  }
  const findings: Finding[] = [{ level: 'ok', about: 'configuration', said: on.config.origin, todo: null }];
  const { database: wanted } = on.config;
  if (wanted.engine === 'sqlite' && measureFile(wanted.file) === null) {
    const said = `there is no ${wanted.file} yet`;
    return [...findings, { level: 'warn', about: 'database', said, todo: 'it is made when the portal starts' }];
  }
  const opened = await openUsableDatabase(on.config);
  if (!opened.ok) return [...findings, { level: 'FAIL', about: 'database', said: opened.problem, todo: null }];
  try {
    const shared = jobs.filter(({ onEveryInstance }) => onEveryInstance !== true).map(({ name }) => name);
    return [...findings, ...(await examineDeployment(on, opened.database, shared))];
  } finally {
    await opened.database.close();
  }
}
