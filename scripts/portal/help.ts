import type { Command } from './command.ts';

const call = 'npm run portal --';

/** The first page: every command with what it does. */
export function overview(commands: readonly Command[]): string {
  const names = commands.map(({ name, operand }) => (operand === null ? name : `${name} ${operand}`));
  const width = Math.max(...names.map((name) => name.length));
  const lines = commands.map(({ about }, at) => `  ${(names[at] ?? '').padEnd(width)}  ${about}`);
  return [
    'The operator’s commands of the billing portal.',
    '',
    `  ${call} COMMAND [options]`,
    '',
    ...lines,
    '',
    `  ${call} COMMAND --help   tells the options of a command.`,
    '',
    'Configuration comes from the environment, .env.local or .env (see .env.example). Where nothing at all is',
    'configured, the database of npm run demo is used. Exit codes: 0 done, 1 refused or failed, 2 called wrongly.',
  ].join('\n');
}

/** The page of one command. */
export function commandHelp({ name, about, operand, options, notes = [] }: Command): string {
  const shown = options.map((option) => `--${option.name}${option.value === null ? '' : ` ${option.value}`}`);
  const width = Math.max(0, ...shown.map((text) => text.length));
  const lines = options.map(
    (option, at) =>
      `  ${(shown[at] ?? '').padEnd(width)}  ${option.about}${option.required === true ? ' (needed)' : ''}`,
  );
  return [
    about,
    '',
    `  ${call} ${name}${options.length === 0 ? '' : ' [options]'}${operand === null ? '' : ` ${operand}`}`,
    ...(lines.length === 0 ? [] : ['', ...lines]),
    ...(notes.length === 0 ? [] : ['', ...notes]),
  ].join('\n');
}
