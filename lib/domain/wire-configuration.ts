import { sessionLimits } from './browser-session.ts';
import type { Instant } from './time.ts';
import { isoText } from './time.ts';
import type { Workspace } from './workspace.ts';

/** The portal configuration of one workspace and mode as the wire shows it, `GET /portal/configuration`. */
export function wireConfiguration(
  { workspaceId, mode, configuration }: Pick<Workspace, 'workspaceId' | 'mode' | 'configuration'>,
  version: number,
  updatedAt: Instant,
): Record<string, unknown> {
  return {
    accountId: workspaceId,
    mode,
    ...configuration,
    sessionIdleSeconds: sessionLimits.idleMs / 1_000,
    sessionAbsoluteSeconds: sessionLimits.absoluteMs / 1_000,
    version,
    updatedAt: isoText(updatedAt),
  };
}
