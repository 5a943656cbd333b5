import type { CertificateId } from '@/lib/domain/ids.ts';
import type { Subscription } from '@/lib/domain/subscription.ts';
import type { Instant } from '@/lib/domain/time.ts';
import { wireSubscription } from '@/lib/domain/wire-subscription.ts';
import { findCertificate } from './cancellation-certificates.ts';
import type { Writer } from './db.ts';
import { carryOutEnd } from './subscription-ends.ts';
import { type Cause, tellOfChange } from './tell-of-change.ts';

/**
 * Ends a subscription whose planned end has come, once, and tells of it. False when another instance did, or when the end
 * was taken back or moved meanwhile.
 */
export async function endSubscription(
  tx: Writer,
  due: Subscription & { readonly cancelAt: Instant },
  cause: Cause,
  now: Instant,
  random: (bytes: number) => Uint8Array,
): Promise<boolean> {
  const ended = await carryOutEnd(tx, due, due, now);
  if (ended === null) return false;
  const certificate = await findCertificate(tx, due, due.id);
  const certificateId: CertificateId | null = certificate?.takenBackAt === null ? certificate.id : null;
  await tellOfChange(
    tx,
    due,
    cause,
    {
      act: 'subscription.canceled',
      object: due.id,
      detail: { endedAt: due.cancelAt },
      event: {
        what: 'subscription.canceled',
        of: 'subscription',
        object: wireSubscription(ended),
        extras: { customerId: due.customerId, certificateId },
      },
    },
    now,
    random,
  );
  return true;
}
