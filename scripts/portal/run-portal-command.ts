import { ConfigProblem } from '@/lib/config.ts';
import { isDatabaseUnavailable } from '@/lib/data/db.ts';
import type { Deployment, Runtime } from '@/lib/runtime.ts';
import { DatabaseNotOpened } from '@/lib/runtime.ts';
import { backupCommands } from './backup-commands.ts';
import type { Command } from './command.ts';
import { CommandProblem, readArguments, UsageProblem } from './command.ts';
import { dataCommands } from './data-commands.ts';
import { doctor } from './doctor-command.ts';
import { commandHelp, overview } from './help.ts';
import { keyCommands } from './key-commands.ts';
import { workspaceCommands } from './workspace-commands.ts';

export const commands: readonly Command[] = [
  ...workspaceCommands,
  ...keyCommands,
  ...dataCommands,
  ...backupCommands,
  doctor,
];

export type Surroundings = {
  /** Opens the database; called once, and only by a command that was called rightly. */
  open(): Promise<Runtime>;
  /** Reads the configuration; throws ConfigProblem. */
  deployment(): Deployment;
  say(line: string): void;
  complain(line: string): void;
};

/** Runs the command these words call and answers the exit code: 0 done, 1 refused or failed, 2 called wrongly. */
export async function runPortalCommand(words: readonly string[], around: Surroundings): Promise<0 | 1 | 2> {
  if (words.length === 0 || (words.length === 1 && ['help', '--help', '-h'].includes(words[0] ?? ''))) {
    around.say(overview(commands));
    return words.length === 0 ? 2 : 0;
  }
  const command = commands.find(({ name }) => name.split(' ').every((word, at) => words[at] === word));
  if (command === undefined) {
    around.complain(
      `There is no command "${words.slice(0, 2).join(' ')}". npm run portal -- --help lists all of them.`,
    );
    return 2;
  }
  let opened: Runtime | null = null;
  try {
    const rest = words.slice(command.name.split(' ').length);
    const { options, operand, wantsHelp } = readArguments(command, rest);
    if (wantsHelp) {
      around.say(commandHelp(command));
      return 0;
    }
    const open = async (): Promise<Runtime> => {
      opened ??= await around.open();
      return opened;
    };
    await command.run({ options, operand, open, deployment: around.deployment, say: around.say });
    return 0;
  } catch (thrown) {
    return complainOf(thrown, command, around);
  } finally {
    await (opened as Runtime | null)?.close();
  }
}

function complainOf(thrown: unknown, command: Command, { complain }: Surroundings): 1 | 2 {
  if (thrown instanceof UsageProblem) {
    complain(`${thrown.message}\nnpm run portal -- ${command.name} --help tells how it is called.`);
    return 2;
  }
  if (isForPeople(thrown)) complain(thrown.message);
  else if (isDatabaseUnavailable(thrown)) complain('The database cannot be written now. Try again.');
  // The message of a bug may hold values; its name and code do not.
  else complain(`Something went wrong (${nameOf(thrown)}).`);
  return 1;
}

function isForPeople(thrown: unknown): thrown is Error {
  return thrown instanceof CommandProblem || thrown instanceof ConfigProblem || thrown instanceof DatabaseNotOpened;
}

function nameOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return typeof thrown;
  return 'code' in thrown ? `${thrown.name} ${String(thrown.code)}` : thrown.name;
}
