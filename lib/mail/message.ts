import type { MailAddress } from '@/lib/domain/mail-address.ts';
import type { Instant } from '@/lib/domain/time.ts';

/** One mail as a value: everything that goes out, and nothing that is still to be looked up. */
export type MailMessage = {
  /** Stands in the Message-ID, the same on each attempt: a receiver may know a second copy by it. */
  readonly id: string;
  readonly date: Instant;
  readonly from: { readonly name: string; readonly address: MailAddress };
  readonly to: MailAddress;
  readonly replyTo: MailAddress | null;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  readonly attachment: { readonly name: string; readonly type: string; readonly bytes: Uint8Array };
};
