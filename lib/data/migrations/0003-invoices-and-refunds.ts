import type { Kysely } from 'kysely';
import { sql } from 'kysely';
import type { Migration } from 'kysely/migration';

/** What the merchant API needs of invoices, receipts and refunds beside what the portal shows. */
export const invoicesAndRefunds: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of statements) await sql.raw(statement).execute(db);
  },
};

const statements = [
  `alter table invoices add column memo text`,
  `alter table invoices add column template_id text`,
  `create index invoices_newest on invoices (workspace_id, mode, created_at, id)`,
  `create index invoices_customer_newest on invoices (workspace_id, mode, customer_id, created_at, id)`,
  `create index invoices_subscription_newest on invoices (workspace_id, mode, subscription_id, created_at, id) where subscription_id is not null`,
  `create index invoices_status_newest on invoices (workspace_id, mode, status, created_at, id)`,
  // Few of many: those that are still owed.
  `create index invoices_owed on invoices (workspace_id, mode, created_at, id) where status in ('open', 'past_due')`,
  `create index receipts_newest on receipts (workspace_id, mode, issued_at, id)`,
  // Which provider gave the money back, under which key it was asked, and when it was asked last (wall clock).
  `alter table refunds add column payment_attempt_id text`,
  `alter table refunds add column adapter text`,
  `alter table refunds add column provider_reference text`,
  `alter table refunds add column request_key text`,
  `alter table refunds add column asked_at bigint`,
  // Led by the workspace like the others, so that no database takes one of them in its place.
  `drop index refunds_invoice`,
  `create index refunds_invoice on refunds (workspace_id, mode, invoice_id, created_at)`,
  `create index refunds_newest on refunds (workspace_id, mode, created_at, id)`,
  `create index refunds_charge on refunds (workspace_id, mode, charge_id, created_at, id)`,
  `create index refunds_status on refunds (workspace_id, mode, status, created_at, id)`,
  `create index refunds_request on refunds (workspace_id, mode, request_key) where request_key is not null`,
  `create index refunds_waiting on refunds (asked_at) where status = 'pending' and asked_at is not null`,
  `create index payment_attempts_charge on payment_attempts (workspace_id, mode, provider_reference) where provider_reference is not null`,
  `create index provider_visits_invoice on provider_visits (invoice_id, created_at) where invoice_id is not null`,
  `create index invoices_charge on invoices (workspace_id, mode, charge_id) where charge_id is not null`,
  `create index simulated_visits_charge on simulated_visits (charge_id) where charge_id is not null`,
  `create table simulated_refunds (
    id text not null,
    idempotency_key text not null,
    charge_reference text not null,
    amount bigint not null,
    currency text not null,
    status text not null check (status in ('succeeded', 'refused', 'pending', 'silent')),
    settles_at bigint,
    settles_as text check (settles_as in ('succeeded', 'refused')),
    created_at bigint not null,
    primary key (id)
  )`,
  `create unique index simulated_refunds_key on simulated_refunds (idempotency_key)`,
  `create index simulated_refunds_charge on simulated_refunds (charge_reference)`,
];
