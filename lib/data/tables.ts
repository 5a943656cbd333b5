import type { Generated } from 'kysely';
import type { Mode } from '@/lib/domain/viewer.ts';

/**
 * The tables as both databases hold them. Ids are text, instants are epoch ms, money is whole minor units, flags are
 * 0 or 1, JSON is text. Column names are snake_case in SQL and camelCase here (`sqlite-file.ts`; on PostgreSQL Kysely's CamelCasePlugin).
 */
export type Tables = {
  meta: { name: string; value: string };
  workspaces: { id: string; name: string; suspendedAt: number | null; createdAt: number; updatedAt: number };
  workspaceModes: {
    workspaceId: string;
    mode: Mode;
    /** JSON of Brand without its logo. */
    brand: string;
    logoType: string | null;
    logoBase64: string | null;
    logoHash: string | null;
    /** JSON of MethodSettings. */
    checkout: Generated<string>;
    /** JSON of the keys of PortalConfiguration that differ from the complete one. */
    configuration: string;
    configurationVersion: number;
    /** Key of the signed results of sessions, encrypted. */
    resultSecretSealed: string | null;
    updatedAt: number;
  };
  /** Pictures a merchant uploaded, by the name in their address. */
  uploads: {
    name: string;
    workspaceId: string;
    mode: Mode;
    type: string;
    base64: string;
    createdAt: number;
  };
  apiKeys: {
    id: string;
    workspaceId: string;
    mode: Mode;
    kind: 'hmac' | 'bearer';
    label: string | null;
    /** HMAC: the public key id. Bearer: the first 12 characters. */
    keyId: string;
    secretSealed: string | null;
    previousSecretSealed: string | null;
    previousSecretUntil: number | null;
    bearerHash: string | null;
    scopes: string;
    lastUsedAt: number | null;
    revokedAt: number | null;
    createdAt: number;
  };
  customers: {
    id: string;
    workspaceId: string;
    mode: Mode;
    externalId: string | null;
    email: string | null;
    name: string | null;
    phone: string | null;
    taxId: string | null;
    legalName: string | null;
    address: string | null;
    defaultPaymentMethodId: string | null;
    metadata: string | null;
    clockAheadMs: number;
    deletedAt: number | null;
    createdAt: number;
    updatedAt: number;
  };
  plans: {
    id: string;
    workspaceId: string;
    mode: Mode;
    name: string;
    description: string | null;
    interval: 'day' | 'week' | 'month' | 'year';
    intervalCount: number;
    trialDays: number;
    portalFeatures: string;
    usageAggregate: 'sum' | 'max' | 'last' | null;
    meteredUnit: string | null;
    dunningPolicyId: string | null;
    active: number;
    archivedAt: number | null;
    metadata: string | null;
    createdAt: number;
    updatedAt: number;
  };
  prices: {
    id: string;
    workspaceId: string;
    mode: Mode;
    planId: string;
    currency: string;
    model: 'flat' | 'tiered' | 'volume' | 'usage';
    unitAmount: number | null;
    tiers: string | null;
    taxMode: 'exclusive' | 'inclusive';
    active: number;
    createdAt: number;
  };
  subscriptions: {
    id: string;
    workspaceId: string;
    mode: Mode;
    customerId: string;
    planId: string;
    priceId: string | null;
    status: 'trialing' | 'active' | 'past_due' | 'canceled' | 'paused' | 'incomplete';
    quantity: number;
    startedAt: number;
    currentPeriodStart: number;
    currentPeriodEnd: number;
    trialEnd: number | null;
    cancelAt: number | null;
    canceledAt: number | null;
    canceledReason: 'customer_portal' | 'merchant' | 'failed_payment' | 'user_request' | null;
    endedAt: number | null;
    pausedAt: number | null;
    resumeAt: number | null;
    defaultPaymentMethodId: string | null;
    collectionMethod: 'charge_automatically' | 'send_invoice';
    discount: string | null;
    discountCouponId: string | null;
    metadata: string | null;
    createdAt: number;
    updatedAt: number;
    /** The instant its periods are counted from, by day and time of day; null: by `trialEnd`, else `startedAt`. */
    billingAnchor: number | null;
    /** Credit for its first invoice, in minor units; null once it was given, or where none was. */
    initialDiscount: number | null;
  };
  /** Periods that were billed: one row each, so that none is billed twice. */
  billedPeriods: {
    subscriptionId: string;
    periodStart: number;
    periodEnd: number;
    workspaceId: string;
    mode: Mode;
    customerId: string;
    /** Null where the clock writes no invoice: usage, or no price. */
    invoiceId: string | null;
    billedAt: number;
  };
  invoices: {
    id: string;
    workspaceId: string;
    mode: Mode;
    customerId: string;
    subscriptionId: string | null;
    status: 'draft' | 'open' | 'past_due' | 'paid' | 'void' | 'uncollectible';
    number: string;
    currency: string;
    subtotal: number;
    discount: number;
    tax: number;
    total: number;
    amountPaid: number;
    dueAt: number | null;
    issuedAt: number | null;
    paidAt: number | null;
    voidedAt: number | null;
    chargeId: string | null;
    collectionAttempts: number;
    nextAttemptAt: number | null;
    collectionStoppedAt: number | null;
    /** What nextAttemptAt was when a cancellation stopped the collection; an undo goes on from it. */
    stoppedAttemptAt: number | null;
    periodStart: number | null;
    periodEnd: number | null;
    billedTo: string;
    memo: string | null;
    templateId: string | null;
    metadata: string | null;
    createdAt: number;
    updatedAt: number;
    /** When the clock first tried to charge it, and how often it tried since; null: never. */
    collectionBeganAt: number | null;
    collectionTries: number | null;
  };
  invoiceLines: {
    id: string;
    invoiceId: string;
    position: number;
    description: string;
    quantity: number;
    unitAmount: number;
    amount: number;
    priceId: string | null;
    metadata: string | null;
  };
  paymentAttempts: {
    id: string;
    workspaceId: string;
    mode: Mode;
    customerId: string;
    invoiceId: string;
    paymentMethodId: string | null;
    methodName: string;
    amount: number;
    status: 'succeeded' | 'refused' | 'needs_confirmation' | 'pending' | 'expired';
    reason: string | null;
    adapter: string;
    /** The key sent to the provider with this attempt, so that asking twice charges once. */
    idempotencyKey: string;
    providerReference: string | null;
    payBefore: number | null;
    createdAt: number;
    finishedAt: number | null;
  };
  receipts: {
    id: string;
    workspaceId: string;
    mode: Mode;
    customerId: string;
    number: string;
    sourceType: 'invoice' | 'checkout_session';
    sourceId: string;
    amount: number;
    currency: string;
    methodName: string | null;
    adapter: string | null;
    providerReference: string | null;
    issuedAt: number;
    emailedAt: number | null;
    emailedTo: string | null;
    body: string;
  };
  refunds: {
    id: string;
    workspaceId: string;
    mode: Mode;
    customerId: string;
    invoiceId: string | null;
    chargeId: string;
    amount: number;
    currency: string;
    reason: 'requested_by_customer' | 'duplicate' | 'fraudulent' | 'other';
    status: 'pending' | 'succeeded' | 'failed';
    failureCode: string | null;
    failureMessage: string | null;
    metadata: string | null;
    /** The charge it gives back, the provider that does, and its name of the refund; null for what was brought along. */
    paymentAttemptId: string | null;
    adapter: string | null;
    providerReference: string | null;
    /** The merchant's idempotency key: the same request again finds the refund it began. */
    requestKey: string | null;
    /** When the provider was asked last, by the wall clock; null: nobody asks. */
    askedAt: number | null;
    createdAt: number;
    updatedAt: number;
  };
  paymentMethods: {
    id: string;
    workspaceId: string;
    mode: Mode;
    customerId: string;
    type: 'card' | 'ewallet' | 'paypal';
    adapter: string;
    brand: string | null;
    last4: string | null;
    expMonth: number | null;
    expYear: number | null;
    label: string | null;
    status: 'active' | 'pending' | 'refused' | 'detached';
    /** The provider's own reference, encrypted; its HMAC finds a card that is already here. */
    providerRefSealed: string;
    providerRefHash: string;
    /** SHA-256 of the provider's fingerprint of the card, with the customer: finds it under another reference. */
    fingerprintHash: string | null;
    metadata: string | null;
    detachAt: number | null;
    detachedAt: number | null;
    createdAt: number;
    updatedAt: number;
  };
  /** A trip to the provider's page: to add a method, or to pay an invoice with another one. */
  providerVisits: {
    id: string;
    workspaceId: string;
    mode: Mode;
    customerId: string;
    /** Whose act it was; null for a charge the clock began. */
    browserSessionId: string | null;
    adapter: string;
    purpose: 'add_method' | 'pay_invoice' | 'confirm_payment';
    /** SHA-256 of the one-time state that comes back. */
    stateHash: string;
    providerReference: string | null;
    /** JSON: subscription ids to move, makeDefault, payInvoice. */
    wishes: string;
    invoiceId: string | null;
    status: 'open' | 'succeeded' | 'refused' | 'pending' | 'left' | 'unknown';
    outcome: string | null;
    paymentMethodId: string | null;
    createdAt: number;
    expiresAt: number;
    finishedAt: number | null;
  };
  /** Notifications already taken from a provider, so that one sent twice acts once. */
  providerNotifications: { adapter: string; notificationId: string; receivedAt: number };
  portalSessions: {
    id: string;
    workspaceId: string;
    mode: Mode;
    customerId: string;
    tokenHash: string;
    returnUrl: string;
    flow: string | null;
    mintedByKeyId: string | null;
    createdAt: number;
    expiresAt: number;
    burnedAt: number | null;
    burnedNonceHash: string | null;
    browserSessionId: string | null;
    revokedAt: number | null;
    epoch: number;
  };
  browserSessions: {
    id: string;
    idHash: string;
    portalSessionId: string;
    workspaceId: string;
    mode: Mode;
    customerId: string;
    returnUrl: string;
    /** JSON of the flow of its link. */
    flow: string | null;
    agent: string;
    enteredAt: number;
    lastSeenAt: number;
    endedAt: number | null;
    endedReason: 'signed_out' | 'ended_elsewhere' | 'ended_by_merchant' | 'replaced' | null;
    contestedAt: number | null;
    binding: 'dbsc' | 'webcrypto' | 'none' | null;
    /** Laid for device binding; all null while sessions are bound by the cookie alone. */
    bindingId: string | null;
    publicJwk: string | null;
    alg: string | null;
    boundHash: string | null;
    boundUntil: number | null;
    previousBoundHash: string | null;
    previousBoundUntil: number | null;
    lastProofAt: number | null;
    stepAskedAt: number | null;
    stepProofAt: number | null;
    epoch: number;
  };
  /** One-time form ids: what a form did, so that sending it again gives the same answer. */
  formOutcomes: {
    browserSessionId: string;
    formId: string;
    act: string;
    outcome: string;
    createdAt: number;
  };
  idempotentAnswers: {
    workspaceId: string;
    mode: Mode;
    key: string;
    fingerprint: string;
    state: 'started' | 'done';
    leaseUntil: number;
    status: number | null;
    answerSealed: string | null;
    createdAt: number;
    expiresAt: number;
  };
  requestSignatures: { keyId: string; signature: string; unsignedHash: string; method: string; seenAt: number };
  cancellationCertificates: {
    id: string;
    workspaceId: string;
    mode: Mode;
    customerId: string;
    subscriptionId: string;
    number: string;
    /** Canonical JSON of what was declared; `hash` is its SHA-256 in hex. */
    body: string;
    hash: string;
    issuedAt: number;
    takenBackAt: number | null;
  };
  numberSequences: { workspaceId: string; mode: Mode; name: string; last: number };
  auditLines: {
    id: string;
    workspaceId: string;
    mode: Mode;
    position: number;
    at: number;
    actor: string;
    act: string;
    object: string | null;
    detail: string;
    previousHash: string;
    hash: string;
  };
  auditHeads: { workspaceId: string; mode: Mode; position: number; hash: string };
  /** Events to deliver, written in the transaction of the change they tell of. */
  outbox: {
    id: string;
    workspaceId: string;
    mode: Mode;
    type: string;
    aggregateType: string;
    aggregateId: string;
    /** Place among the events of its object, from 1. */
    sequence: number;
    data: string;
    metadata: string;
    occurredAt: number;
    publishedAt: number | null;
  };
  /** Where a merchant's server hears of events. A deleted one keeps its row, without its secret, while deliveries name it. */
  webhookEndpoints: {
    id: string;
    workspaceId: string;
    mode: Mode;
    url: string;
    /** JSON list of wire names, `*` for every published one. */
    events: string;
    description: string | null;
    status: 'active' | 'disabled' | 'errored';
    secretSealed: string;
    consecutiveFailures: number;
    failingSince: number | null;
    disabledAt: number | null;
    disabledReason: string | null;
    deletedAt: number | null;
    createdAt: number;
    updatedAt: number;
  };
  webhookDeliveries: {
    id: string;
    workspaceId: string;
    mode: Mode;
    endpointId: string;
    eventId: string;
    type: string;
    aggregateType: string;
    aggregateId: string;
    sequence: number;
    body: string;
    status: 'pending' | 'succeeded' | 'failed';
    /** 1: queued by hand for one more attempt; nothing waits for it. */
    byHand: number;
    attempts: number;
    /** Not before; of one that waits for an earlier event of its object, not after. */
    nextAttemptAt: number | null;
    /** Whoever sends it now, and until when that is believed. */
    lease: string | null;
    leaseUntil: number | null;
    lastAttemptAt: number | null;
    deliveredAt: number | null;
    responseCode: number | null;
    lastError: string | null;
    createdAt: number;
    updatedAt: number;
  };
  webhookAttempts: {
    deliveryId: string;
    attemptNumber: number;
    status: 'succeeded' | 'failed';
    responseCode: number | null;
    durationMs: number;
    error: string | null;
    nextRetryAt: number | null;
    attemptedAt: number;
  };
  /** Documents on their way to somebody by mail. */
  mails: {
    id: string;
    workspaceId: string;
    mode: Mode;
    customerId: string;
    /** What asked for it, such as a request or a form: the same one asks once. */
    cause: string;
    askedBy: 'merchant' | 'buyer';
    /** JSON of the Cause its events name. */
    toldBy: string;
    documentKind: 'invoice' | 'receipt';
    documentId: string;
    recipient: string;
    locale: string;
    status: 'queued' | 'accepted' | 'refused' | 'given_up';
    attempts: number;
    lostAttempts: number;
    nextAttemptAt: number | null;
    /** Whoever sends it now, and until when that is believed. */
    lease: string | null;
    leaseUntil: number | null;
    lastAnswer: string | null;
    settledAt: number | null;
    createdAt: number;
  };
  /** Mails of test mode, which never leave. */
  mailboxMails: {
    mailId: string;
    workspaceId: string;
    mode: Mode;
    sender: string;
    recipient: string;
    replyTo: string | null;
    subject: string;
    bodyText: string;
    bodyHtml: string;
    attachmentName: string;
    attachmentType: string;
    attachmentBase64: string;
    arrivedAt: number;
  };
  jobLeases: { name: string; holder: string; until: number };
  /** The simulated provider's own memory; it plays a foreign system and shares nothing with the portal but this file. */
  simulatedVisits: {
    id: string;
    kind: 'add_method' | 'pay_invoice' | 'confirm_payment';
    /** The portal's own reference: opening the same one again answers the same visit. */
    reference: string;
    customerReference: string;
    merchantName: string;
    amount: number | null;
    currency: string | null;
    locale: string;
    returnUrl: string;
    /** `asking`: the bank waits for the buyer. `silent`: nobody gets an answer until `settlesAt`. */
    status: 'open' | 'asking' | 'succeeded' | 'refused' | 'pending' | 'silent' | 'left';
    reason: string | null;
    methodToken: string | null;
    chargeId: string | null;
    /** Number to transfer to, until `payBefore`. */
    transferNumber: string | null;
    payBefore: number | null;
    /** When a pending or silent visit settles, and as what. */
    settlesAt: number | null;
    settlesAs: 'succeeded' | 'refused' | null;
    createdAt: number;
  };
  simulatedMethods: {
    token: string;
    customerReference: string;
    type: 'card' | 'ewallet' | 'va';
    brand: string | null;
    last4: string | null;
    expMonth: number | null;
    expYear: number | null;
    label: string | null;
    /** What charging it does. */
    behaviour: string;
    /** Keyed hash of buyer and number: finds a card that is already here. */
    fingerprint: string;
    detachedAt: number | null;
    createdAt: number;
  };
  simulatedCharges: {
    id: string;
    idempotencyKey: string;
    methodToken: string | null;
    visitId: string | null;
    amount: number;
    currency: string;
    status: 'succeeded' | 'refused' | 'needs_confirmation' | 'pending' | 'silent';
    reason: string | null;
    settlesAt: number | null;
    settlesAs: 'succeeded' | 'refused' | null;
    createdAt: number;
  };
  simulatedRefunds: {
    id: string;
    idempotencyKey: string;
    chargeReference: string;
    amount: number;
    currency: string;
    status: 'succeeded' | 'refused' | 'pending' | 'silent';
    settlesAt: number | null;
    settlesAs: 'succeeded' | 'refused' | null;
    createdAt: number;
  };
};
