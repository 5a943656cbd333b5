import type { Selectable } from 'kysely';
import type { Certificate } from '@/lib/domain/certificate.ts';
import type { CertificateId, CustomerId, SubscriptionId, WorkspaceId } from '@/lib/domain/ids.ts';
import type { Instant } from '@/lib/domain/time.ts';
import type { CustomerScope } from '@/lib/domain/viewer.ts';
import type { Reader, Writer } from './db.ts';
import type { Tables } from './tables.ts';

/** Files a certificate. `body` is the canonical JSON that `hash` covers; neither is ever written again. */
export async function insertCertificate(
  tx: Writer,
  scope: CustomerScope,
  certificate: {
    id: CertificateId;
    subscriptionId: SubscriptionId;
    number: string;
    body: string;
    hash: string;
    issuedAt: Instant;
  },
): Promise<void> {
  const { workspaceId, mode, customerId } = scope;
  await tx
    .insertInto('cancellationCertificates')
    .values({ ...certificate, workspaceId, mode, customerId, takenBackAt: null })
    .execute();
}

/** The newest certificate of a customer's subscription, taken back or not; null when there is none. */
export async function findCertificate(
  read: Reader,
  scope: CustomerScope,
  subscriptionId: SubscriptionId,
): Promise<Certificate | null> {
  const row = await read
    .selectFrom('cancellationCertificates')
    .selectAll()
    .where('workspaceId', '=', scope.workspaceId)
    .where('mode', '=', scope.mode)
    .where('customerId', '=', scope.customerId)
    .where('subscriptionId', '=', subscriptionId)
    .orderBy('issuedAt', 'desc')
    .orderBy('number', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row === undefined ? null : toCertificate(row);
}

/** Notes on the certificates of a subscription that its cancellation was taken back; each once. */
export async function takeBackCertificates(
  tx: Writer,
  scope: CustomerScope,
  subscriptionId: SubscriptionId,
  takenBackAt: Instant,
): Promise<void> {
  await tx
    .updateTable('cancellationCertificates')
    .set({ takenBackAt })
    .where('workspaceId', '=', scope.workspaceId)
    .where('mode', '=', scope.mode)
    .where('customerId', '=', scope.customerId)
    .where('subscriptionId', '=', subscriptionId)
    .where('takenBackAt', 'is', null)
    .execute();
}

function toCertificate(row: Selectable<Tables['cancellationCertificates']>): Certificate {
  return {
    id: row.id as CertificateId,
    workspaceId: row.workspaceId as WorkspaceId,
    mode: row.mode,
    customerId: row.customerId as CustomerId,
    subscriptionId: row.subscriptionId as SubscriptionId,
    number: row.number,
    body: JSON.parse(row.body),
    hash: row.hash,
    issuedAt: row.issuedAt,
    takenBackAt: row.takenBackAt,
  };
}
