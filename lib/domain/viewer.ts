import type { BrowserSessionId, CustomerId, PortalSessionId, WorkspaceId } from './ids.ts';
import type { Instant } from './time.ts';

export type Mode = 'live' | 'test';

/** Whose rows a query may touch when no buyer is involved: one workspace, one mode. */
export type WorkspaceScope = { readonly workspaceId: WorkspaceId; readonly mode: Mode };

/** One customer's rows of one workspace and mode. Every customer-scoped query carries all three in its WHERE. */
export type CustomerScope = WorkspaceScope & { readonly customerId: CustomerId };

declare const proven: unique symbol;

/**
 * A customer whose browser session was proven during this request. Only `lib/session` makes one.
 * `now` is billing time: the wall clock, or in test mode the sample's own clock.
 */
export type Viewer = CustomerScope & {
  readonly browserSessionId: BrowserSessionId;
  readonly portalSessionId: PortalSessionId;
  readonly now: Instant;
  readonly [proven]: true;
};
