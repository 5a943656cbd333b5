declare const kind: unique symbol;

/** Text that was read at a door as the id of one kind of object. It says nothing of whether the row exists. */
export type Id<K extends IdKind> = string & { readonly [kind]: K };

const prefixes = {
  workspace: 'acc',
  apiKey: 'akey',
  customer: 'cus',
  plan: 'pln',
  price: 'prc',
  subscription: 'sub',
  invoice: 'inv',
  invoiceLine: 'il',
  paymentAttempt: 'pa',
  receipt: 'rcpt',
  refund: 'rf',
  paymentMethod: 'pt',
  providerVisit: 'pv',
  portalSession: 'pls',
  browserSession: 'bs',
  certificate: 'cert',
  event: 'evt',
  webhookEndpoint: 'whep',
  webhookDelivery: 'whd',
  mail: 'mail',
  audit: 'aud',
  request: 'req',
} as const;

export type IdKind = keyof typeof prefixes;

export type WorkspaceId = Id<'workspace'>;
export type ApiKeyId = Id<'apiKey'>;
export type CustomerId = Id<'customer'>;
export type PlanId = Id<'plan'>;
export type PriceId = Id<'price'>;
export type SubscriptionId = Id<'subscription'>;
export type InvoiceId = Id<'invoice'>;
export type InvoiceLineId = Id<'invoiceLine'>;
export type PaymentAttemptId = Id<'paymentAttempt'>;
export type ReceiptId = Id<'receipt'>;
export type RefundId = Id<'refund'>;
export type PaymentMethodId = Id<'paymentMethod'>;
export type ProviderVisitId = Id<'providerVisit'>;
export type PortalSessionId = Id<'portalSession'>;
export type BrowserSessionId = Id<'browserSession'>;
export type CertificateId = Id<'certificate'>;

const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** A fresh id `<prefix>_<26-character ULID>`: sortable by time, 80 random bits from `random(10)`. */
export function newId<K extends IdKind>(of: K, now: number, random: (bytes: number) => Uint8Array): Id<K> {
  let time = '';
  for (let rest = now, i = 0; i < 10; i += 1, rest = Math.floor(rest / 32)) time = alphabet[rest % 32] + time;
  let tail = '';
  let bits = 0;
  let held = 0;
  for (const byte of random(10)) {
    held = (held << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      tail += alphabet[(held >> bits) & 31];
    }
    held &= (1 << bits) - 1;
  }
  return `${prefixes[of]}_${time}${tail}` as Id<K>;
}

/**
 * Reads text as an id of the kind the caller names: 1 to 64 letters, digits, `_` or `-`; else null.
 * The prefix is never tested: an id is a known row or it is "not found".
 */
export function readId<K extends IdKind>(text: unknown): Id<K> | null {
  return typeof text === 'string' && /^[A-Za-z0-9_-]{1,64}$/.test(text) ? (text as Id<K>) : null;
}
