import type { Kysely } from 'kysely';
import { sql } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Where merchants hear of events, what is on its way there, and what came of each attempt. */
export const webhooks: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of statements) await sql.raw(statement).execute(db);
  },
};

const statements = [
  `create table webhook_endpoints (
    id text not null,
    workspace_id text not null,
    mode text not null check (mode in ('live', 'test')),
    url text not null,
    events text not null,
    description text,
    status text not null check (status in ('active', 'disabled', 'errored')),
    secret_sealed text not null,
    consecutive_failures bigint not null,
    failing_since bigint,
    disabled_at bigint,
    disabled_reason text,
    deleted_at bigint,
    created_at bigint not null,
    updated_at bigint not null,
    primary key (id),
    foreign key (workspace_id) references workspaces (id)
  )`,
  `create table webhook_deliveries (
    id text not null,
    workspace_id text not null,
    mode text not null check (mode in ('live', 'test')),
    endpoint_id text not null,
    event_id text not null,
    type text not null,
    aggregate_type text not null,
    aggregate_id text not null,
    sequence bigint not null,
    body text not null,
    status text not null check (status in ('pending', 'succeeded', 'failed')),
    by_hand bigint not null,
    attempts bigint not null,
    next_attempt_at bigint,
    lease text,
    lease_until bigint,
    last_attempt_at bigint,
    delivered_at bigint,
    response_code bigint,
    last_error text,
    created_at bigint not null,
    updated_at bigint not null,
    primary key (id),
    foreign key (endpoint_id) references webhook_endpoints (id)
  )`,
  `create table webhook_attempts (
    delivery_id text not null,
    attempt_number bigint not null,
    status text not null check (status in ('succeeded', 'failed')),
    response_code bigint,
    duration_ms bigint not null,
    error text,
    next_retry_at bigint,
    attempted_at bigint not null,
    primary key (delivery_id, attempt_number),
    foreign key (delivery_id) references webhook_deliveries (id)
  )`,
  `create index webhook_endpoints_newest on webhook_endpoints (workspace_id, mode, created_at, id)`,
  `create index webhook_endpoints_gone on webhook_endpoints (deleted_at) where deleted_at is not null`,
  `create index webhook_deliveries_of on webhook_deliveries (endpoint_id)`,
  // An event goes to an endpoint once, whoever hands it out.
  `create unique index webhook_deliveries_event on webhook_deliveries (event_id, endpoint_id)`,
  `create index webhook_deliveries_due on webhook_deliveries (next_attempt_at, endpoint_id) where status = 'pending'`,
  `create index webhook_deliveries_queue on webhook_deliveries (endpoint_id, next_attempt_at) where status = 'pending'`,
  `create index webhook_deliveries_object on webhook_deliveries (endpoint_id, aggregate_id, sequence) where status = 'pending'`,
  `create index webhook_deliveries_newest on webhook_deliveries (workspace_id, mode, created_at, id)`,
  `create index webhook_deliveries_endpoint on webhook_deliveries (workspace_id, mode, endpoint_id, created_at, id)`,
  `create index webhook_deliveries_status on webhook_deliveries (workspace_id, mode, status, created_at, id)`,
  `create index webhook_deliveries_type on webhook_deliveries (workspace_id, mode, type, created_at, id)`,
  `create index webhook_deliveries_old on webhook_deliveries (updated_at) where status <> 'pending'`,
];
