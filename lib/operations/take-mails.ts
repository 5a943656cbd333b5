import type { TakenMail } from '@/lib/data/mails.ts';
import { hasDueMail, leaseDueMails } from '@/lib/data/mails.ts';
import { minuteMs } from '@/lib/domain/time.ts';
import type { Runtime } from '@/lib/runtime.ts';

/** Longer than making a document and sending it can take together. */
const leaseMs = 5 * minuteMs;

/** Takes due mails for one attempt each: those of the modes this host serves and can mail in. */
export async function takeMails(on: Runtime, limit: number): Promise<readonly TakenMail[]> {
  const modes = [...on.config.modes].filter((mode) => on.mail.offers(mode));
  const now = on.now();
  if (modes.length === 0 || !(await hasDueMail(on.read, modes, now))) return [];
  const lease = Buffer.from(on.random(12)).toString('base64url');
  return on.write((tx) => leaseDueMails(tx, modes, limit, { lease, leaseUntil: now + leaseMs }, now));
}
