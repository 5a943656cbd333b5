import type { ParseArgsOptionsConfig } from 'node:util';
import { parseArgs } from 'node:util';
import type { WorkspaceId } from '@/lib/domain/ids.ts';
import { readId } from '@/lib/domain/ids.ts';
import type { Failure } from '@/lib/domain/result.ts';
import type { Mode, WorkspaceScope } from '@/lib/domain/viewer.ts';
import type { Deployment, Runtime } from '@/lib/runtime.ts';

/** One option of a command: `--name`, what stands after it, and what it means. */
export type CommandOption = {
  readonly name: string;
  /** What stands after it, such as `acc_…`; null for a switch. */
  readonly value: string | null;
  readonly about: string;
  readonly required?: boolean;
};

export type Command = {
  /** Words that call it, such as `key create`. */
  readonly name: string;
  readonly about: string;
  /** What stands after the options, such as `FILE`; null for nothing. */
  readonly operand: string | null;
  readonly options: readonly CommandOption[];
  /** More to know, as lines of the help. */
  readonly notes?: readonly string[];
  run(call: CommandCall): Promise<void>;
};

/** What a command is given: options by name, the operand, the runtime, and where its answer goes. */
export type CommandCall = {
  readonly options: Readonly<Record<string, string | boolean | undefined>>;
  readonly operand: string | null;
  /** Opened at the first call, so that a wrong option is told without a database. */
  open(): Promise<Runtime>;
  /** The deployment without its database, for a command that works on the database itself. Throws ConfigProblem. */
  deployment(): Deployment;
  /** Writes a line of the answer. */
  say(line: string): void;
};

/** The command was called wrongly: exit code 2, with a pointer to its help. */
export class UsageProblem extends Error {
  override name = 'UsageProblem';
}

/** The command could not do what it was asked to: exit code 1. The message is for people, without a stack. */
export class CommandProblem extends Error {
  override name = 'CommandProblem';
}

/** Reads what stands after the command's name. Throws UsageProblem. */
export function readArguments(
  command: Command,
  words: readonly string[],
): { options: CommandCall['options']; operand: string | null; wantsHelp: boolean } {
  const config: ParseArgsOptionsConfig = { help: { type: 'boolean', short: 'h' } };
  for (const { name, value } of command.options) config[name] = { type: value === null ? 'boolean' : 'string' };
  let parsed: { values: Record<string, string | boolean | (string | boolean)[] | undefined>; positionals: string[] };
  try {
    parsed = parseArgs({ args: [...words], options: config, allowPositionals: true, strict: true });
  } catch (thrown) {
    throw new UsageProblem(firstSentence(thrown));
  }
  const options: Record<string, string | boolean | undefined> = {};
  for (const [name, value] of Object.entries(parsed.values)) if (!Array.isArray(value)) options[name] = value;
  if (options.help === true) return { options, operand: null, wantsHelp: true };
  const [operand = null, ...rest] = parsed.positionals;
  const extra = command.operand === null ? operand : rest[0];
  if (extra !== undefined && extra !== null) throw new UsageProblem(`"${extra}" is one word too many.`);
  if (command.operand !== null && operand === null) throw new UsageProblem(`${command.operand} is missing.`);
  for (const { name, required } of command.options) {
    if (required === true && options[name] === undefined) throw new UsageProblem(`--${name} is missing.`);
  }
  return { options, operand, wantsHelp: false };
}

export function textOption(call: CommandCall, name: string): string | undefined {
  const value = call.options[name];
  return typeof value === 'string' ? value : undefined;
}

export function requiredText(call: CommandCall, name: string): string {
  const value = textOption(call, name);
  if (value === undefined) throw new UsageProblem(`--${name} is missing.`);
  return value;
}

/** A text option where an empty text clears the field: null. */
export function clearableText(call: CommandCall, name: string): string | null | undefined {
  const value = textOption(call, name);
  return value === '' ? null : value;
}

/** One of the words, or undefined when the option is left out. */
export function choiceOption<const T extends readonly string[]>(
  call: CommandCall,
  name: string,
  choices: T,
): T[number] | undefined {
  const value = textOption(call, name);
  if (value === undefined) return undefined;
  if (!choices.includes(value)) throw new UsageProblem(`--${name} must be one of ${choices.join(', ')}.`);
  return value;
}

export function workspaceOption(call: CommandCall): WorkspaceId {
  const id = readId<'workspace'>(requiredText(call, 'workspace'));
  if (id === null) throw new UsageProblem('--workspace must be an id such as acc_01KE5Y3X80WKXW25N30HHQ91MC.');
  return id;
}

export function scopeOption(call: CommandCall): WorkspaceScope {
  const mode = choiceOption(call, 'mode', ['test', 'live']);
  if (mode === undefined) throw new UsageProblem('--mode is missing.');
  return { workspaceId: workspaceOption(call), mode };
}

export const workspaceIs: CommandOption = {
  name: 'workspace',
  value: 'acc_…',
  about: 'the workspace, by its id (see: workspace list)',
  required: true,
};

export const modeIs: CommandOption = {
  name: 'mode',
  value: 'test|live',
  about: 'which of its two modes',
  required: true,
};

export const bothModes: readonly Mode[] = ['live', 'test'];

/** A number with its noun: "1 line", "2 lines". */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

/** A failure of an operation as the end of a command. */
export function problemOf(failure: Failure): CommandProblem {
  return new CommandProblem(failure.message);
}

function firstSentence(thrown: unknown): string {
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return `${message.split(/\.\s|\n/)[0] ?? message}.`.replace(/\.\.$/, '.');
}
