import cancel from './messages/en/cancel.json' with { type: 'json' };
import common from './messages/en/common.json' with { type: 'json' };
import documents from './messages/en/documents.json' with { type: 'json' };
import entry from './messages/en/entry.json' with { type: 'json' };
import frame from './messages/en/frame.json' with { type: 'json' };
import hooks from './messages/en/hooks.json' with { type: 'json' };
import invoices from './messages/en/invoices.json' with { type: 'json' };
import link from './messages/en/link.json' with { type: 'json' };
import mail from './messages/en/mail.json' with { type: 'json' };
import mailbox from './messages/en/mailbox.json' with { type: 'json' };
import overview from './messages/en/overview.json' with { type: 'json' };
import pay from './messages/en/pay.json' with { type: 'json' };
import paymentMethods from './messages/en/payment-methods.json' with { type: 'json' };
import preview from './messages/en/preview.json' with { type: 'json' };
import receipts from './messages/en/receipts.json' with { type: 'json' };
import sessions from './messages/en/sessions.json' with { type: 'json' };
import signedOut from './messages/en/signed-out.json' with { type: 'json' };
import simulated from './messages/en/simulated.json' with { type: 'json' };
import status from './messages/en/status.json' with { type: 'json' };
import subscription from './messages/en/subscription.json' with { type: 'json' };

/** Every word a buyer reads, in English (the source text), one file a screen. */
export const english = {
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
