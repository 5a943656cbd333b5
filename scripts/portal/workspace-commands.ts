import { readFile } from 'node:fs/promises';
import { listWorkspaces } from '@/lib/data/workspaces.ts';
import { maxLogoBytes } from '@/lib/domain/logo.ts';
import { isoText } from '@/lib/domain/time.ts';
import type { BrandSettings, ConfigurationSettings } from '@/lib/domain/workspace-settings.ts';
import { createWorkspace } from '@/lib/operations/create-workspace.ts';
import { resumeWorkspace } from '@/lib/operations/resume-workspace.ts';
import { suspendWorkspace } from '@/lib/operations/suspend-workspace.ts';
import { updateWorkspace } from '@/lib/operations/update-workspace.ts';
import type { Command, CommandCall, CommandOption } from './command.ts';
import {
  bothModes,
  CommandProblem,
  choiceOption,
  clearableText,
  problemOf,
  requiredText,
  textOption,
  UsageProblem,
  workspaceIs,
  workspaceOption,
} from './command.ts';

const settings: readonly CommandOption[] = [
  { name: 'brand-name', value: 'TEXT', about: 'name buyers see; the workspace’s own when left out' },
  { name: 'legal-name', value: 'TEXT', about: 'name on invoices and receipts' },
  { name: 'address', value: 'TEXT', about: 'business address; \\n begins a new line' },
  { name: 'tax-id', value: 'TEXT', about: 'tax number on documents (NPWP)' },
  { name: 'email', value: 'ADDRESS', about: 'business email' },
  { name: 'phone', value: 'TEXT', about: 'business phone' },
  { name: 'country', value: 'ID', about: 'two letters; ID brings PPN, amounts in words and stamp duty' },
  { name: 'accent', value: '#RRGGBB', about: 'colour of main buttons and links' },
  { name: 'logo', value: 'FILE', about: 'PNG, JPEG or WebP, up to 512 KiB' },
  { name: 'tax-rate', value: 'PERCENT', about: 'shows tax on receipts at this rate, such as 11; 0 hides it' },
  { name: 'tax-label', value: 'TEXT', about: 'what tax is called, such as PPN' },
  { name: 'thank-you', value: 'TEXT', about: 'a line of thanks on receipts' },
  { name: 'receipt-footer', value: 'TEXT', about: 'last line of receipts' },
  { name: 'timezone', value: 'Asia/Jakarta', about: 'the one zone of screens and documents' },
  { name: 'locale', value: 'auto|id|en', about: 'language when the buyer chose none' },
  { name: 'support-email', value: 'ADDRESS', about: 'contact of the portal' },
  { name: 'support-url', value: 'ADDRESS', about: 'help page' },
  { name: 'privacy-url', value: 'ADDRESS', about: 'privacy page' },
  { name: 'terms-url', value: 'ADDRESS', about: 'terms page' },
  { name: 'subscribe-again-url', value: 'ADDRESS', about: 'where an ended subscription can be bought again' },
  {
    name: 'return-origins',
    value: 'LIST',
    about: 'origins a return address may have, separated by commas; empty: any',
  },
  { name: 'cancel-timing', value: 'LIST', about: 'period_end, now, or both separated by a comma' },
  { name: 'cancel-past-due', value: 'RULE', about: 'what becomes of unpaid invoices: stop_collection or keep_due' },
  { name: 'cancel-message', value: 'TEXT', about: 'said where cancelling here is switched off, such as whom to ask' },
  { name: 'link-lifetime', value: 'SECONDS', about: 'how long a portal link lives, 300 to 900' },
];

const create: Command = {
  name: 'workspace create',
  about: 'Opens a workspace, in test and live mode alike.',
  operand: null,
  options: [
    { name: 'name', value: 'TEXT', about: 'name of the workspace', required: true },
    { name: 'id', value: 'acc_…', about: 'the id it has elsewhere; made up when left out' },
    ...settings,
  ],
  async run(call) {
    const id = textOption(call, 'id');
    const logo = await readLogoFile(call);
    const input = {
      name: requiredText(call, 'name'),
      brand: brandOf(call),
      configuration: configurationOf(call),
      ...(id === undefined ? {} : { id }),
      ...(logo === undefined || logo === null ? {} : { logo }),
    };
    const made = await createWorkspace(await call.open(), input);
    if (!made.ok) throw problemOf(made.failure);
    call.say(made.value.workspaceId);
  },
};

const list: Command = {
  name: 'workspace list',
  about: 'Lists all workspaces, oldest first.',
  operand: null,
  options: [],
  async run(call) {
    const on = await call.open();
    const all = await listWorkspaces(on.read);
    if (all.length === 0) call.say('There are no workspaces.');
    for (const one of all) {
      const suspended = one.suspendedAt === null ? '' : `  suspended ${isoText(one.suspendedAt)}`;
      call.say(`${one.id}  ${isoText(one.createdAt).slice(0, 10)}  ${one.name}${suspended}`);
    }
  },
};

const update: Command = {
  name: 'workspace update',
  about: 'Changes what is named and leaves the rest. An empty text clears a field.',
  operand: null,
  options: [
    workspaceIs,
    { name: 'mode', value: 'test|live', about: 'only this mode; both when left out' },
    { name: 'name', value: 'TEXT', about: 'name of the workspace, in both modes' },
    ...settings,
  ],
  async run(call) {
    const mode = choiceOption(call, 'mode', ['test', 'live']);
    const name = textOption(call, 'name');
    const logo = await readLogoFile(call);
    const change = {
      brand: brandOf(call),
      configuration: configurationOf(call),
      ...(name === undefined ? {} : { name }),
      ...(logo === undefined ? {} : { logo }),
    };
    const isEmpty = Object.keys(change.brand).length + Object.keys(change.configuration).length === 0;
    if (isEmpty && name === undefined && logo === undefined) throw new UsageProblem('Name something to change.');
    const modes = mode === undefined ? bothModes : [mode];
    const done = await updateWorkspace(await call.open(), workspaceOption(call), modes, change);
    if (!done.ok) throw problemOf(done.failure);
    call.say('Changed.');
  },
};

const suspend: Command = {
  name: 'workspace suspend',
  about: 'Suspends a workspace: no links, no sessions, until it is resumed.',
  operand: null,
  options: [workspaceIs],
  async run(call) {
    const done = await suspendWorkspace(await call.open(), workspaceOption(call));
    if (!done.ok) throw problemOf(done.failure);
    call.say('Suspended.');
  },
};

const resume: Command = {
  name: 'workspace resume',
  about: 'Lets a suspended workspace go on.',
  operand: null,
  options: [workspaceIs],
  async run(call) {
    const done = await resumeWorkspace(await call.open(), workspaceOption(call));
    if (!done.ok) throw problemOf(done.failure);
    call.say('Resumed.');
  },
};

export const workspaceCommands: readonly Command[] = [create, list, update, suspend, resume];

function brandOf(call: CommandCall): BrandSettings {
  const name = textOption(call, 'brand-name');
  const address = clearableText(call, 'address');
  const receipt = receiptOf(call);
  return withoutUndefined({
    name: name === '' ? undefined : name,
    legalName: clearableText(call, 'legal-name'),
    address: address?.replaceAll('\\n', '\n') ?? address,
    taxId: clearableText(call, 'tax-id'),
    email: clearableText(call, 'email'),
    phone: clearableText(call, 'phone'),
    country: clearableText(call, 'country'),
    accentColor: clearableText(call, 'accent'),
    receipt: Object.keys(receipt).length === 0 ? undefined : receipt,
  });
}

function receiptOf(call: CommandCall): NonNullable<BrandSettings['receipt']> {
  const percent = textOption(call, 'tax-rate');
  const rate = percent === undefined ? undefined : readPercent(percent);
  return withoutUndefined({
    showTax: rate === undefined ? undefined : rate > 0,
    taxRateBasisPoints: rate === undefined || rate === 0 ? undefined : rate,
    taxLabel: textOption(call, 'tax-label'),
    thankYouText: clearableText(call, 'thank-you'),
    footerText: clearableText(call, 'receipt-footer'),
  });
}

function configurationOf(call: CommandCall): ConfigurationSettings {
  const cancel = cancelOf(call);
  const life = textOption(call, 'link-lifetime');
  return withoutUndefined({
    timeZone: textOption(call, 'timezone'),
    defaultLocale: choiceOption(call, 'locale', ['auto', 'id', 'en']),
    supportEmail: clearableText(call, 'support-email'),
    supportUrl: clearableText(call, 'support-url'),
    privacyUrl: clearableText(call, 'privacy-url'),
    termsUrl: clearableText(call, 'terms-url'),
    subscribeAgainUrl: clearableText(call, 'subscribe-again-url'),
    allowedReturnOrigins: listOption(call, 'return-origins'),
    linkLifetimeSeconds: life === undefined ? undefined : Number(life),
    cancel: Object.keys(cancel).length === 0 ? undefined : cancel,
  });
}

function cancelOf(call: CommandCall): NonNullable<ConfigurationSettings['cancel']> {
  return withoutUndefined({
    timing: listOption(call, 'cancel-timing')?.map(readTiming),
    pastDue: choiceOption(call, 'cancel-past-due', ['stop_collection', 'keep_due']),
    disabledMessage: clearableText(call, 'cancel-message'),
  });
}

function readTiming(word: string): 'period_end' | 'now' {
  if (word === 'period_end' || word === 'now') return word;
  throw new UsageProblem('--cancel-timing must be period_end, now, or both separated by a comma.');
}

/** "11" or "11.5" as basis points. */
function readPercent(text: string): number {
  const match = /^(\d{1,3})(?:[.,](\d{1,2}))?$/.exec(text);
  if (match === null) throw new UsageProblem('--tax-rate must be a percentage such as 11 or 11.5.');
  return Number(match[1]) * 100 + Number((match[2] ?? '').padEnd(2, '0'));
}

function listOption(call: CommandCall, name: string): string[] | undefined {
  return textOption(call, name)
    ?.split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '');
}

/** The bytes of the logo file, null to clear it, undefined when nothing is said. */
async function readLogoFile(call: CommandCall): Promise<Uint8Array | null | undefined> {
  const file = clearableText(call, 'logo');
  if (file === undefined || file === null) return file;
  try {
    const bytes = await readFile(file);
    return new Uint8Array(bytes.subarray(0, maxLogoBytes + 1));
  } catch {
    throw new CommandProblem(`${file} cannot be read.`);
  }
}

type Given<T> = { [K in keyof T]: Exclude<T[K], undefined> };

function withoutUndefined<T extends object>(value: T): Partial<Given<T>> {
  return Object.fromEntries(Object.entries(value).filter(([, part]) => part !== undefined)) as Partial<Given<T>>;
}
