import cancel from './messages/id/cancel.json' with { type: 'json' };
import common from './messages/id/common.json' with { type: 'json' };
import documents from './messages/id/documents.json' with { type: 'json' };
import entry from './messages/id/entry.json' with { type: 'json' };
import frame from './messages/id/frame.json' with { type: 'json' };
import hooks from './messages/id/hooks.json' with { type: 'json' };
import invoices from './messages/id/invoices.json' with { type: 'json' };
import link from './messages/id/link.json' with { type: 'json' };
import mail from './messages/id/mail.json' with { type: 'json' };
import mailbox from './messages/id/mailbox.json' with { type: 'json' };
import overview from './messages/id/overview.json' with { type: 'json' };
import pay from './messages/id/pay.json' with { type: 'json' };
import paymentMethods from './messages/id/payment-methods.json' with { type: 'json' };
import preview from './messages/id/preview.json' with { type: 'json' };
import receipts from './messages/id/receipts.json' with { type: 'json' };
import sessions from './messages/id/sessions.json' with { type: 'json' };
import signedOut from './messages/id/signed-out.json' with { type: 'json' };
import simulated from './messages/id/simulated.json' with { type: 'json' };
import status from './messages/id/status.json' with { type: 'json' };
import subscription from './messages/id/subscription.json' with { type: 'json' };

/** Every word a buyer reads, in Indonesian, one file a screen. */
export const indonesian = {
  cancel,
  common,
  documents,
  entry,
  frame,
  hooks,
  invoices,
  link,
  mail,
  mailbox,
  overview,
  pay,
  paymentMethods,
  preview,
  receipts,
  sessions,
  signedOut,
  simulated,
  status,
  subscription,
};
