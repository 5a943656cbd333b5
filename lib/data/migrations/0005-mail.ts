import type { Kysely } from 'kysely';
import { sql } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Mails on their way to the mail server, and the mailbox that takes those of test mode. */
export const mail: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of statements) await sql.raw(statement).execute(db);
  },
};

const statements = [
  `create table mails (
    id text not null,
    workspace_id text not null,
    mode text not null check (mode in ('live', 'test')),
    customer_id text not null,
    cause text not null,
    asked_by text not null check (asked_by in ('merchant', 'buyer')),
    told_by text not null,
    document_kind text not null check (document_kind in ('invoice', 'receipt')),
    document_id text not null,
    recipient text not null,
    locale text not null,
    status text not null check (status in ('queued', 'accepted', 'refused', 'given_up')),
    attempts bigint not null,
    lost_attempts bigint not null,
    next_attempt_at bigint,
    lease text,
    lease_until bigint,
    last_answer text,
    settled_at bigint,
    created_at bigint not null,
    primary key (id),
    foreign key (customer_id) references customers (id)
  )`,
  `create table mailbox_mails (
    mail_id text not null,
    workspace_id text not null,
    mode text not null check (mode = 'test'),
    sender text not null,
    recipient text not null,
    reply_to text,
    subject text not null,
    body_text text not null,
    body_html text not null,
    attachment_name text not null,
    attachment_type text not null,
    attachment_base64 text not null,
    arrived_at bigint not null,
    primary key (mail_id),
    foreign key (mail_id) references mails (id)
  )`,
  // One cause asks for one mail, however often it is carried out.
  `create unique index mails_cause on mails (workspace_id, mode, cause)`,
  `create index mails_due on mails (next_attempt_at) where status = 'queued'`,
  `create index mails_customer on mails (workspace_id, mode, customer_id, created_at)`,
  `create index mails_old on mails (created_at)`,
  `create index mailbox_mails_newest on mailbox_mails (workspace_id, mode, arrived_at, mail_id)`,
];
