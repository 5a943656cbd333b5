import { sealText } from '@/lib/crypto/sealed-box.ts';
import { Secret } from '@/lib/crypto/secret.ts';
import type { ChangedSettings } from '@/lib/data/change-workspace-settings.ts';
import { changeWorkspaceSettings, SettingsMoved } from '@/lib/data/change-workspace-settings.ts';
import type { Writer } from '@/lib/data/db.ts';
import { causeOfMerchant } from '@/lib/data/tell-of-change.ts';
import { findWorkspace, resultSecretContext, setResultSecret } from '@/lib/data/workspaces.ts';
import type { MerchantAct } from '@/lib/domain/merchant-act.ts';
import type { Failure, Result } from '@/lib/domain/result.ts';
import { fail, succeed } from '@/lib/domain/result.ts';
import type { WorkspaceScope } from '@/lib/domain/viewer.ts';
import type { ConfigurationSettings } from '@/lib/domain/workspace-settings.ts';
import { checkConfiguration, checkWholeConfiguration } from '@/lib/domain/workspace-settings.ts';
import type { Runtime } from '@/lib/runtime.ts';

/** A configuration after its change; the key of signed results is shown when it is made, and never again. */
export type ChangedConfiguration = ChangedSettings & { readonly resultSecret: Secret | null };

/**
 * Changes the keys named of a portal configuration; the portal obeys at its next page. Fails with `validation_error` and
 * the field, also when cancelling would be off with nobody to ask, and with `conflict` when somebody else changed it in
 * this moment. Turning `signResult` on makes a new key for the results; the one before is gone.
 */
export async function updatePortalConfiguration(
  on: Runtime,
  scope: WorkspaceScope,
  by: MerchantAct,
  configuration: ConfigurationSettings,
): Promise<Result<ChangedConfiguration>> {
  const problem = checkConfiguration(configuration);
  if (problem !== null) return { ok: false, failure: problem };
  try {
    return await on.write((tx) => update(on, tx, scope, by, configuration));
  } catch (thrown) {
    if (thrown instanceof ConfigurationRefused) return { ok: false, failure: thrown.failure };
    if (!(thrown instanceof SettingsMoved)) throw thrown;
    return fail('conflict', 'These settings were changed by somebody else in this moment. Try again.');
  }
}

/** Rolls the transaction back; caught right above it. */
class ConfigurationRefused extends Error {
  override name = 'ConfigurationRefused';
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(failure.message);
    this.failure = failure;
  }
}

async function update(
  on: Runtime,
  tx: Writer,
  scope: WorkspaceScope,
  by: MerchantAct,
  configuration: ConfigurationSettings,
): Promise<Result<ChangedConfiguration>> {
  const cause = causeOfMerchant(by);
  const before = await findWorkspace(tx, scope);
  const changed = await changeWorkspaceSettings(tx, scope, { configuration }, cause, on.now(), on.random);
  if (changed === null) return fail('not_found', 'There is no such workspace.');
  const { workspace } = changed;
  const problem = checkWholeConfiguration(workspace.configuration, workspace.brand);
  if (problem !== null) throw new ConfigurationRefused(problem);
  const isTurnedOn = workspace.configuration.signResult && before?.configuration.signResult === false;
  return succeed({ ...changed, resultSecret: isTurnedOn ? await makeResultSecret(on, tx, scope) : null });
}

async function makeResultSecret(on: Runtime, tx: Writer, scope: WorkspaceScope): Promise<Secret> {
  const secret = `prs_${Buffer.from(on.random(32)).toString('base64url')}`;
  await setResultSecret(tx, scope, sealText(on.config.rootKeys, secret, resultSecretContext(scope), on.random));
  return new Secret(secret);
}
