import { appendAudit } from '@/lib/data/audit-lines.ts';
import { deleteTestCustomer } from '@/lib/data/test-customers.ts';
import type { CustomerId } from '@/lib/domain/ids.ts';
import type { Result } from '@/lib/domain/result.ts';
import { fail, succeed } from '@/lib/domain/result.ts';
import type { WorkspaceScope } from '@/lib/domain/viewer.ts';
import type { Runtime } from '@/lib/runtime.ts';

/**
 * Removes a test-mode customer with everything that is theirs: documents, methods, sessions, what they did. Their browser
 * sessions are gone at once. Only the audit chain remembers. Fails with `not_found`, for live customers too.
 */
export async function clearTestCustomer(
  on: Runtime,
  scope: WorkspaceScope,
  customerId: CustomerId,
): Promise<Result<null, 'not_found'>> {
  const { workspaceId, mode } = scope;
  if (mode !== 'test') return fail('not_found', 'There is no such customer in test mode.');
  const now = on.now();
  return on.write(async (tx) => {
    if (!(await deleteTestCustomer(tx, { workspaceId, mode, customerId }))) {
      return fail('not_found', 'There is no such customer in test mode.');
    }
    const entry = { actor: 'operator', act: 'test_customer.cleared', object: customerId } as const;
    await appendAudit(tx, scope, entry, now, on.random);
    return succeed(null);
  });
}
