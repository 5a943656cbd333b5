import { signResult } from '@/lib/crypto/portal-result.ts';
import { openSealedText } from '@/lib/crypto/sealed-box.ts';
import { listActsOf } from '@/lib/data/audit-lines.ts';
import { findResultSecret, resultSecretContext } from '@/lib/data/workspaces.ts';
import type { BrowserSession } from '@/lib/domain/browser-session.ts';
import { addResult, resultOf } from '@/lib/domain/portal-result.ts';
import type { Workspace } from '@/lib/domain/workspace.ts';
import type { Runtime } from '@/lib/runtime.ts';

/**
 * Where the way back of a session leads: its return address exactly as it was given, or, where the workspace asks for it,
 * with the signed result of the session so far in its query.
 */
export async function returnAddress(
  on: Runtime,
  session: BrowserSession,
  workspace: Pick<Workspace, 'configuration'> | null,
  state: 'live' | 'signed_out' | 'over',
): Promise<string> {
  if (workspace === null || !workspace.configuration.signResult) return session.returnUrl;
  const sealed = await findResultSecret(on.read, session);
  const secret = sealed === null ? null : openSealedText(on.config.rootKeys, sealed, resultSecretContext(session));
  if (secret === null) return session.returnUrl;
  const acts = await listActsOf(on.read, session, [`viewer:${session.id}`]);
  return addResult(session.returnUrl, signResult(secret, resultOf(session, acts, state === 'over', on.now())));
}
