import type { WantedEvents } from './event-types.ts';
import type { Id } from './ids.ts';
import type { Instant } from './time.ts';
import { hourMs, isoText } from './time.ts';
import type { WorkspaceScope } from './viewer.ts';

export type WebhookEndpointId = Id<'webhookEndpoint'>;

/** Where a merchant's server wants to hear of events. */
export type WebhookEndpoint = WorkspaceScope & {
  readonly id: WebhookEndpointId;
  readonly url: string;
  readonly events: WantedEvents;
  readonly description: string | null;
  /** `disabled`: paused by hand. `errored`: switched off here, after too many failures in a row. */
  readonly status: 'active' | 'disabled' | 'errored';
  /** Failed attempts in a row, over all deliveries. */
  readonly consecutiveFailures: number;
  /** When the first of them was. */
  readonly failingSince: Instant | null;
  readonly disabledAt: Instant | null;
  readonly disabledReason: string | null;
  readonly createdAt: Instant;
  readonly updatedAt: Instant;
};

/** So many failed attempts in a row, over at least this time, switch an endpoint off. */
const mostFailures = 20;
const failingForMs = 24 * hourMs;

type Streak = Pick<WebhookEndpoint, 'consecutiveFailures' | 'failingSince'>;

/** The streak after one more failed attempt, and whether the endpoint is to be switched off. */
export function addFailure(before: Streak, now: Instant): { readonly streak: Streak; readonly isTooMany: boolean } {
  const failingSince = before.failingSince ?? now;
  const consecutiveFailures = before.consecutiveFailures + 1;
  const isTooMany = consecutiveFailures >= mostFailures && now - failingSince >= failingForMs;
  return { streak: { consecutiveFailures, failingSince }, isTooMany };
}

/** An endpoint as it stands on the wire; its secret and its account are told on create alone. */
export function wireWebhookEndpoint(endpoint: WebhookEndpoint): Readonly<Record<string, unknown>> {
  const { id, mode, url, events, description, status, consecutiveFailures, disabledReason } = endpoint;
  return {
    id,
    mode,
    url,
    events,
    description,
    active: status === 'active',
    status,
    consecutiveFailures,
    failingSince: textOf(endpoint.failingSince),
    disabledAt: textOf(endpoint.disabledAt),
    disabledReason,
    createdAt: isoText(endpoint.createdAt),
    updatedAt: isoText(endpoint.updatedAt),
  };
}

/** What `webhook_endpoint.disabled` says of an endpoint that was switched off. */
export function wireDisabledEndpoint(endpoint: WebhookEndpoint): Readonly<Record<string, unknown>> {
  const { id, url, mode, disabledAt, disabledReason, consecutiveFailures, failingSince } = endpoint;
  return {
    id,
    url,
    mode,
    active: false,
    disabledAt: textOf(disabledAt),
    disabledReason,
    consecutiveFailures,
    failingSince: textOf(failingSince),
  };
}

function textOf(instant: Instant | null): string | null {
  return instant === null ? null : isoText(instant);
}
