import type { Kysely } from 'kysely';
import { sql } from 'kysely';
import type { Migration } from 'kysely/migration';

/** What the billing clock needs: which periods were billed, where periods are counted from, how far collecting has come. */
export const billingClock: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of statements) await sql.raw(statement).execute(db);
  },
};

const statements = [
  // A period of a subscription is billed once, whatever becomes of its invoice: the database refuses a second time.
  `create table billed_periods (
    subscription_id text not null,
    period_start bigint not null,
    period_end bigint not null,
    workspace_id text not null,
    mode text not null check (mode in ('live', 'test')),
    customer_id text not null,
    invoice_id text,
    billed_at bigint not null,
    primary key (subscription_id, period_start),
    foreign key (subscription_id) references subscriptions (id)
  )`,
  `create unique index billed_periods_invoice on billed_periods (invoice_id) where invoice_id is not null`,
  `create index billed_periods_customer on billed_periods (workspace_id, mode, customer_id)`,
  `alter table subscriptions add column billing_anchor bigint`,
  `alter table subscriptions add column initial_discount bigint`,
  `alter table invoices add column collection_began_at bigint`,
  `alter table invoices add column collection_tries bigint`,
  `create index subscriptions_due on subscriptions (current_period_end, id) where ended_at is null and status in ('trialing', 'active', 'past_due')`,
  `create index subscriptions_resuming on subscriptions (resume_at, id) where ended_at is null and status = 'paused' and resume_at is not null`,
  `create index subscriptions_newest on subscriptions (workspace_id, mode, created_at, id)`,
  `create index subscriptions_status on subscriptions (workspace_id, mode, status, created_at, id)`,
  `create index subscriptions_plan on subscriptions (workspace_id, mode, plan_id, created_at, id)`,
  `create index invoices_collecting on invoices (next_attempt_at, id) where next_attempt_at is not null and status in ('open', 'past_due')`,
  `create index customers_ahead on customers (id) where clock_ahead_ms > 0`,
];
