import { access, constants } from 'node:fs/promises';
import { backUpDatabase } from '@/lib/operations/back-up-database.ts';
import { raiseEpoch } from '@/lib/operations/raise-epoch.ts';
import { restoreDatabase } from '@/lib/operations/restore-database.ts';
import type { Command } from './command.ts';
import { CommandProblem, problemOf } from './command.ts';

const backUp: Command = {
  name: 'backup',
  about: 'Copies the embedded database into a new file, while the portal goes on.',
  operand: 'FILE',
  options: [],
  notes: [
    'The copy is one moment of the database, checked, and complete under its name or not there at all. It holds customers’',
    'data: keep it as safe as the database, and PORTAL_KEYS apart from it. PostgreSQL: use pg_dump.',
  ],
  async run(call) {
    const file = call.operand ?? '';
    const done = await backUpDatabase(call.deployment(), file).catch(tellFileProblem);
    if (!done.ok) throw problemOf(done.failure);
    call.say(`${file}: ${done.value.bytes} bytes.`);
  },
};

const restore: Command = {
  name: 'restore',
  about: 'Puts a backup in the place of the embedded database. The portal must be stopped.',
  operand: 'FILE',
  options: [],
  notes: [
    'The file is checked first, and the database of before is kept beside it under a dated name. Every portal link and',
    'every browser session of before is refused from then on, so that no link that was used after the backup works again:',
    'buyers enter anew from their merchant. PostgreSQL: use pg_restore, then epoch raise.',
  ],
  async run(call) {
    const file = call.operand ?? '';
    await access(file, constants.R_OK).catch(() => {
      throw new CommandProblem(`${file} cannot be read.`);
    });
    const done = await restoreDatabase(call.deployment(), file).catch(tellFileProblem);
    if (!done.ok) throw problemOf(done.failure);
    const { epoch, keptAside } = done.value;
    call.say(`Restored. Links and sessions of before are over (epoch ${epoch}).`);
    if (keptAside !== null) call.say(`The database of before is kept as ${keptAside}.`);
  },
};

const epoch: Command = {
  name: 'epoch raise',
  about: 'Ends every portal link and browser session: to be run after PostgreSQL was restored.',
  operand: null,
  options: [],
  notes: [
    'Stop every instance of the portal, restore the database, run this, start the portal. A running instance goes on with',
    'the epoch it started with.',
  ],
  async run(call) {
    const done = await raiseEpoch(await call.open());
    if (!done.ok) throw problemOf(done.failure);
    call.say(`The epoch is ${done.value.epoch}. Start every instance of the portal anew.`);
  },
};

export const backupCommands: readonly Command[] = [backUp, restore, epoch];

/** A full disk or a folder that may not be written is told as the system says it. */
function tellFileProblem(thrown: unknown): never {
  if (thrown instanceof Error && ('errcode' in thrown || 'syscall' in thrown)) {
    throw new CommandProblem(`Nothing was changed: ${thrown.message}`);
  }
  throw thrown;
}
