import type { WorkspaceScope } from './viewer.ts';

/** The `arn` of an object on the wire, opaque to clients: `arn:plugipay:<mode>:<accountId>:<noun>/<id>`. */
export function wireArn(scope: WorkspaceScope, noun: string, id: string): string {
  return `arn:plugipay:${scope.mode}:${scope.workspaceId}:${noun}/${id}`;
}
