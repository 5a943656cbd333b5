import { listApiKeys } from '@/lib/data/api-keys.ts';
import { findWorkspace } from '@/lib/data/workspaces.ts';
import type { KeyRole } from '@/lib/domain/key-scopes.ts';
import { keyRoles } from '@/lib/domain/key-scopes.ts';
import { hourMs, isoText } from '@/lib/domain/time.ts';
import { createApiKey } from '@/lib/operations/create-api-key.ts';
import { revokeApiKey } from '@/lib/operations/revoke-api-key.ts';
import { rotateApiKey } from '@/lib/operations/rotate-api-key.ts';
import type { Command, CommandCall } from './command.ts';
import {
  CommandProblem,
  choiceOption,
  modeIs,
  problemOf,
  scopeOption,
  textOption,
  UsageProblem,
  workspaceIs,
} from './command.ts';

const roleNames = Object.keys(keyRoles) as KeyRole[];

const create: Command = {
  name: 'key create',
  about: 'Makes an API key. Its secret is shown once, here.',
  operand: null,
  options: [
    workspaceIs,
    modeIs,
    {
      name: 'kind',
      value: 'hmac|bearer',
      about: 'hmac signs each request (as the SDKs do); bearer is sent as it is',
      required: true,
    },
    { name: 'scopes', value: 'LIST', about: 'separated by commas, such as plugipay:portal:create' },
    { name: 'role', value: roleNames.join('|'), about: 'a set of scopes, in place of --scopes' },
    { name: 'label', value: 'TEXT', about: 'a name to know it by' },
  ],
  notes: ['Minting portal sessions takes plugipay:portal:create. Give a key no more than its server needs.'],
  async run(call) {
    const scope = scopeOption(call);
    const kind = choiceOption(call, 'kind', ['hmac', 'bearer']);
    if (kind === undefined) throw new UsageProblem('--kind is missing.');
    const scopes = readScopes(call);
    const label = textOption(call, 'label');
    const on = await call.open();
    const made = await createApiKey(on, scope, { kind, scopes, ...(label === undefined ? {} : { label }) });
    if (!made.ok) throw problemOf(made.failure);
    call.say(
      `# ${made.value.id}, ${scope.mode} mode, ${scopes.join(' ')}. The secret is shown this once: keep it now.`,
    );
    call.say(`PLUGIPAY_BASE_URL=${on.config.origin}`);
    if (kind === 'hmac') {
      call.say(`PLUGIPAY_KEY_ID=${made.value.keyId}`);
      call.say(`PLUGIPAY_SECRET=${made.value.secret.reveal()}`);
    } else {
      call.say(`PLUGIPAY_API_KEY=${made.value.secret.reveal()}`);
    }
  },
};

const list: Command = {
  name: 'key list',
  about: 'Lists the keys of a workspace and mode, newest first, without secrets.',
  operand: null,
  options: [workspaceIs, modeIs],
  async run(call) {
    const scope = scopeOption(call);
    const on = await call.open();
    if ((await findWorkspace(on.read, scope)) === null) throw new CommandProblem('There is no such workspace.');
    const keys = await listApiKeys(on.read, scope);
    if (keys.length === 0) call.say('There are no keys.');
    for (const key of keys) {
      const used = key.lastUsedAt === null ? 'never used' : `used ${isoText(key.lastUsedAt)}`;
      const state = key.revokedAt === null ? used : `revoked ${isoText(key.revokedAt)}`;
      const label = key.label === null ? '' : `  "${key.label}"`;
      call.say(`${key.id}  ${key.kind}  ${key.keyId}  ${key.scopes.join(' ')}  ${state}${label}`);
    }
  },
};

const keyOperand = 'KEY';
const keyNote = 'KEY is the id of its row (akey_…) or, for an HMAC key, the key id (ak_…); see: key list.';

const rotate: Command = {
  name: 'key rotate',
  about: 'Gives an HMAC key a new secret; the one before works on for a while.',
  operand: keyOperand,
  options: [workspaceIs, modeIs, { name: 'overlap-hours', value: 'N', about: 'how long, 0 to 720; 24 when left out' }],
  notes: [keyNote],
  async run(call) {
    const scope = scopeOption(call);
    const hours = textOption(call, 'overlap-hours') ?? '24';
    if (!/^\d{1,3}$/.test(hours)) throw new UsageProblem('--overlap-hours must be a whole number of hours.');
    const done = await rotateApiKey(await call.open(), scope, call.operand ?? '', Number(hours) * hourMs);
    if (!done.ok) throw problemOf(done.failure);
    call.say(`# ${done.value.id}: the secret before works until ${isoText(done.value.previousUntil)}.`);
    call.say(`PLUGIPAY_KEY_ID=${done.value.keyId}`);
    call.say(`PLUGIPAY_SECRET=${done.value.secret.reveal()}`);
  },
};

const revoke: Command = {
  name: 'key revoke',
  about: 'Switches a key off for good, at once.',
  operand: keyOperand,
  options: [workspaceIs, modeIs],
  notes: [keyNote],
  async run(call) {
    const done = await revokeApiKey(await call.open(), scopeOption(call), call.operand ?? '');
    if (!done.ok) throw problemOf(done.failure);
    call.say(`${done.value.id} is revoked.`);
  },
};

export const keyCommands: readonly Command[] = [create, list, rotate, revoke];

function readScopes(call: CommandCall): readonly string[] {
  const listed = textOption(call, 'scopes');
  const role = choiceOption(call, 'role', roleNames);
  if ((listed === undefined) === (role === undefined)) throw new UsageProblem('Give either --scopes or --role.');
  if (role !== undefined) return keyRoles[role];
  const scopes = (listed ?? '').split(',').map((one) => one.trim());
  return scopes.filter((one) => one !== '');
}
