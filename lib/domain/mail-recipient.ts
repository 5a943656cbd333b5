import type { MailAddress } from './mail-address.ts';
import { readMailAddress } from './mail-address.ts';
import type { Result } from './result.ts';
import { fail, succeed } from './result.ts';

/** The address a document is mailed to: the one asked for, else the customer's. `validation_error` names `to`. */
export function chooseRecipient(
  asked: string | null,
  customerEmail: string | null,
): Result<MailAddress, 'validation_error'> {
  if (asked === null && customerEmail === null) {
    return fail('validation_error', 'The customer has no email: say where to.', { field: 'to' });
  }
  const read = readMailAddress(asked ?? customerEmail ?? '');
  if (read !== null) return succeed(read);
  const message =
    asked === null
      ? "The customer's email is no address that mail can go to: say where to."
      : 'to must be one address such as dewi@example.com.';
  return fail('validation_error', message, { field: 'to' });
}

/** Live mail where the deployment has no mail server. */
export const mailNotOffered = fail(
  'service_unavailable',
  'Mail is not set up on this host: its operator sets PORTAL_SMTP_URL and PORTAL_MAIL_FROM.',
  { details: { reason: 'mail_not_set_up' } },
);
