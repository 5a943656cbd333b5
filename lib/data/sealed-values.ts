import type { Reader, Writer } from './db.ts';

/** One encrypted value of record: where it stands, and the row's id, which it is bound to. */
export type SealedValue = {
  readonly table: 'apiKeys' | 'paymentMethods' | 'webhookEndpoints' | 'workspaceModes';
  readonly column: 'secretSealed' | 'previousSecretSealed' | 'providerRefSealed' | 'resultSecretSealed';
  /** The row's id; of a mode of a workspace, both joined by a space. */
  readonly id: string;
  readonly sealed: string;
};

/** A page of rows that hold a value not under the newest key; `last` is where the next page begins, null at the end. */
export type SealedPage = { readonly values: readonly SealedValue[]; readonly last: string | null };

/** Keys whose secrets are not under the newest key, `limit` rows in the order of their ids after `after`. */
async function listStaleKeySecrets(
  read: Reader,
  newestKeyNumber: number,
  after: string,
  limit: number,
): Promise<SealedPage> {
  const current = `${newestKeyNumber}.%`;
  const rows = await read
    .selectFrom('apiKeys')
    .select(['id', 'secretSealed', 'previousSecretSealed'])
    .where('id', '>', after)
    .where((eb) => eb.or([eb('secretSealed', 'not like', current), eb('previousSecretSealed', 'not like', current)]))
    .orderBy('id')
    .limit(limit)
    .execute();
  const values = rows.flatMap((row) =>
    (['secretSealed', 'previousSecretSealed'] as const).flatMap((column) => {
      const sealed = row[column];
      const isStale = sealed !== null && !sealed.startsWith(`${newestKeyNumber}.`);
      return isStale ? [{ table: 'apiKeys', column, id: row.id, sealed } as const] : [];
    }),
  );
  return { values, last: rows.length < limit ? null : (rows.at(-1)?.id ?? null) };
}

/** Payment methods whose reference is not under the newest key, `limit` rows in the order of their ids after `after`. */
async function listStaleReferences(
  read: Reader,
  newestKeyNumber: number,
  after: string,
  limit: number,
): Promise<SealedPage> {
  const rows = await read
    .selectFrom('paymentMethods')
    .select(['id', 'providerRefSealed'])
    .where('id', '>', after)
    .where('providerRefSealed', 'not like', `${newestKeyNumber}.%`)
    // A removed method that its provider has forgotten keeps no reference.
    .where('providerRefSealed', '<>', '')
    .orderBy('id')
    .limit(limit)
    .execute();
  const values = rows.map(
    ({ id, providerRefSealed }) =>
      ({ table: 'paymentMethods', column: 'providerRefSealed', id, sealed: providerRefSealed }) as const,
  );
  return { values, last: rows.length < limit ? null : (rows.at(-1)?.id ?? null) };
}

/** Webhook endpoints whose secret is not under the newest key, `limit` rows in the order of their ids after `after`. */
async function listStaleWebhookSecrets(
  read: Reader,
  newestKeyNumber: number,
  after: string,
  limit: number,
): Promise<SealedPage> {
  const rows = await read
    .selectFrom('webhookEndpoints')
    .select(['id', 'secretSealed'])
    .where('id', '>', after)
    .where('secretSealed', 'not like', `${newestKeyNumber}.%`)
    // A deleted endpoint keeps no secret.
    .where('secretSealed', '<>', '')
    .orderBy('id')
    .limit(limit)
    .execute();
  const values = rows.map(
    ({ id, secretSealed }) =>
      ({ table: 'webhookEndpoints', column: 'secretSealed', id, sealed: secretSealed }) as const,
  );
  return { values, last: rows.length < limit ? null : (rows.at(-1)?.id ?? null) };
}

/** Modes of workspaces whose key of signed results is not under the newest key; there are few, and they come at once. */
async function listStaleResultSecrets(read: Reader, newestKeyNumber: number, after: string): Promise<SealedPage> {
  if (after !== '') return { values: [], last: null };
  const rows = await read
    .selectFrom('workspaceModes')
    .select(['workspaceId', 'mode', 'resultSecretSealed'])
    .where('resultSecretSealed', 'is not', null)
    .where('resultSecretSealed', 'not like', `${newestKeyNumber}.%`)
    .execute();
  const values = rows.map(
    ({ workspaceId, mode, resultSecretSealed }) =>
      ({
        table: 'workspaceModes',
        column: 'resultSecretSealed',
        id: `${workspaceId} ${mode}`,
        sealed: resultSecretSealed ?? '',
      }) as const,
  );
  return { values, last: null };
}

/** Every list of sealed values of record. */
export const staleLists = [
  listStaleKeySecrets,
  listStaleReferences,
  listStaleWebhookSecrets,
  listStaleResultSecrets,
] as const;

/** Puts a fresh seal in place of the old one, if that still stands there. A method's reference brings its hash along. */
export async function replaceSealed(
  tx: Writer,
  value: SealedValue,
  sealed: string,
  providerRefHash: string | null,
): Promise<boolean> {
  if (value.table === 'paymentMethods') {
    const row = await tx
      .updateTable('paymentMethods')
      .set({ providerRefSealed: sealed, ...(providerRefHash === null ? {} : { providerRefHash }) })
      .where('id', '=', value.id)
      .where('providerRefSealed', '=', value.sealed)
      .returning('id')
      .executeTakeFirst();
    return row !== undefined;
  }
  if (value.table === 'webhookEndpoints') {
    const row = await tx
      .updateTable('webhookEndpoints')
      .set({ secretSealed: sealed })
      .where('id', '=', value.id)
      .where('secretSealed', '=', value.sealed)
      .returning('id')
      .executeTakeFirst();
    return row !== undefined;
  }
  if (value.table === 'workspaceModes') {
    const [workspaceId = '', mode = ''] = value.id.split(' ');
    const row = await tx
      .updateTable('workspaceModes')
      .set({ resultSecretSealed: sealed })
      .where('workspaceId', '=', workspaceId)
      .where('mode', '=', mode === 'live' ? 'live' : 'test')
      .where('resultSecretSealed', '=', value.sealed)
      .returning('mode')
      .executeTakeFirst();
    return row !== undefined;
  }
  const column = value.column === 'previousSecretSealed' ? 'previousSecretSealed' : 'secretSealed';
  const row = await tx
    .updateTable('apiKeys')
    .set({ [column]: sealed })
    .where('id', '=', value.id)
    .where(column, '=', value.sealed)
    .returning('id')
    .executeTakeFirst();
  return row !== undefined;
}
