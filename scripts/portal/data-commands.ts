import { createReadStream } from 'node:fs';
import { access, constants } from 'node:fs/promises';
import { loadSample, resetSample } from '@/app/(test-mode)/test/_sample/load-sample.ts';
import { sampleBuyers } from '@/app/(test-mode)/test/_sample/sample-buyers.ts';
import { sampleScope } from '@/app/(test-mode)/test/_sample/sample-workspace.ts';
import { findBrokenAuditLine } from '@/lib/data/audit-lines.ts';
import { listWorkspaces } from '@/lib/data/workspaces.ts';
import { importBillingData } from '@/lib/operations/import-billing-data.ts';
import { resealSecrets } from '@/lib/operations/reseal-secrets.ts';
import type { Command } from './command.ts';
import { bothModes, CommandProblem, count, modeIs, problemOf, scopeOption, workspaceIs } from './command.ts';
import { readBillingLines } from './read-billing-lines.ts';

const importFile: Command = {
  name: 'import',
  about: 'Takes a merchant’s billing data in: JSON lines in wire form, one transaction a file.',
  operand: 'FILE',
  options: [workspaceIs, modeIs],
  notes: [
    'Each line is one object: {"object":"customer", …} or plan, price, subscription, invoice, payment_method, receipt,',
    'refund, with the fields of the wire reference and these besides: customer legalName, address · subscription quantity,',
    'startedAt, endedAt, resumeAt, discount {label, amount, until} · invoice nextAttemptAt, periodStart, periodEnd, billedTo,',
    'attempts [{id, paymentTokenId or method, amount, status, reason, …}] · payment_method providerToken,',
    'fingerprint · receipt stampDutyNumber. A line may name what stands in the database or on an earlier line. Money is whole minor units.',
    '',
    'Ids are unique over the whole database: one id stands in one mode of one workspace. To bring the same data into test',
    'and live mode, give the objects of each file ids of their own.',
    '',
    'The same file again changes nothing. A bad line is told with its number, and then nothing of the file is kept. Paid',
    'invoices get their receipt. No events are sent for what is imported. While the file is read, an embedded database',
    'takes no other writes: bring a very large merchant in by several files.',
  ],
  async run(call) {
    const scope = scopeOption(call);
    const file = call.operand ?? '';
    await access(file, constants.R_OK).catch(() => {
      throw new CommandProblem(`${file} cannot be read.`);
    });
    const on = await call.open();
    const result = await importBillingData(on, scope, () =>
      readBillingLines(createReadStream(file) as AsyncIterable<Uint8Array>, scope.workspaceId),
    );
    if (!result.ok) {
      const lines = result.problems.map(({ line, field, reason }) =>
        field === '' ? `  line ${line}: ${reason}` : `  line ${line}, ${field}: ${reason}`,
      );
      throw new CommandProblem([result.failure.message, ...lines].join('\n'));
    }
    const { lines, inserted, updated, unchanged, olderLines, receiptsIssued } = result.value;
    const objects = inserted + updated + unchanged + olderLines.length;
    call.say(
      `${count(objects, 'object')} in ${count(lines, 'line')}: ${inserted} new, ${updated} changed, ${unchanged} unchanged.`,
    );
    if (receiptsIssued > 0) call.say(`${count(receiptsIssued, 'receipt')} issued for paid invoices.`);
    if (olderLines.length > 0) {
      const all = [...new Set(olderLines)];
      const shown = all.slice(0, 20).join(', ');
      const more = all.length > 20 ? ` and ${all.length - 20} more` : '';
      const noun = all.length === 1 ? 'line' : 'lines';
      call.say(`Older than what is stored, and left alone: ${noun} ${shown}${more}.`);
    }
  },
};

const sample: Command = {
  name: 'sample load',
  about: 'Puts the sample shop with its buyers into test mode. What is there stays as it is.',
  operand: null,
  options: [{ name: 'fresh', value: null, about: 'makes every sample buyer anew, from today' }],
  async run(call) {
    const on = await call.open();
    if (!on.config.modes.has('test')) throw new CommandProblem('This deployment does not serve test mode.');
    const loaded = await loadSample(on);
    const kept = call.options.fresh === true ? sampleBuyers.filter((buyer) => !loaded.includes(buyer)) : [];
    for (const buyer of kept) await resetSample(on, buyer);
    call.say(`${sampleScope.workspaceId}: ${count(loaded.length + kept.length, 'new sample buyer')}.`);
  },
};

const audit: Command = {
  name: 'audit verify',
  about: 'Walks the audit chain of every workspace and says whether a line was edited or removed.',
  operand: null,
  options: [],
  async run(call) {
    const on = await call.open();
    const broken: string[] = [];
    let chains = 0;
    for (const { id } of await listWorkspaces(on.read)) {
      for (const mode of bothModes) {
        const position = await findBrokenAuditLine(on.read, { workspaceId: id, mode });
        if (position !== null) broken.push(`  ${id}, ${mode} mode: line ${position}`);
        chains += 1;
      }
    }
    if (broken.length > 0) throw new CommandProblem(['The audit is broken:', ...broken].join('\n'));
    call.say(`Nothing was edited or removed in ${count(chains, 'chain')}.`);
  },
};

const reseal: Command = {
  name: 'secrets reseal',
  about: 'Puts encrypted values of record under the newest root key of PORTAL_KEYS.',
  operand: null,
  options: [],
  notes: [
    'To change the root key: add a new one with a higher number, restart the portal, run this, wait 24 hours (links,',
    'cookies and stored answers under the old key live no longer), take the old one out.',
  ],
  async run(call) {
    const done = await resealSecrets(await call.open());
    if (!done.ok) throw problemOf(done.failure);
    const { keyNumber, resealed, unreadable } = done.value;
    call.say(`${count(resealed, 'value')} put under key ${keyNumber}.`);
    if (unreadable.length > 0) {
      throw new CommandProblem(`No configured key opens these; they were left alone:\n  ${unreadable.join('\n  ')}`);
    }
  },
};

export const dataCommands: readonly Command[] = [importFile, sample, audit, reseal];
