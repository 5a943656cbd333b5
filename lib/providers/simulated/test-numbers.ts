import type { RefusalReason } from '@/lib/domain/invoice.ts';

/**
 * How a simulated bank plays its part. `asks`: the buyer confirms on the bank's page. `pending_…`: no answer for five
 * seconds, then it. `silent`: the provider gives no answer at all for a minute; after it the act has succeeded.
 */
export type Play =
  | 'succeeds'
  | 'asks'
  | 'pending_succeeds'
  | 'pending_fails'
  | 'silent'
  | RefundPlay
  | Exclude<RefusalReason, 'needs_confirmation'>;

/** How a charge is given back that went through: all other plays give it back at once. */
export type RefundPlay = 'refund_refused' | 'refund_pending_succeeds' | 'refund_pending_fails' | 'refund_silent';

export type TestCard = {
  readonly number: string;
  readonly brand: 'visa' | 'mastercard' | 'amex' | 'jcb' | 'gpn';
  /** What saving it does. */
  readonly setUp: Play;
  /** What charging it does, saved or typed in for one payment. */
  readonly charge: Play;
};

/** The only numbers the simulated page takes. Any other is refused unread, so that nobody types a real card. */
export const testCards: readonly TestCard[] = [
  { number: '4242424242424242', brand: 'visa', setUp: 'succeeds', charge: 'succeeds' },
  { number: '5555555555554444', brand: 'mastercard', setUp: 'succeeds', charge: 'succeeds' },
  { number: '378282246310005', brand: 'amex', setUp: 'succeeds', charge: 'succeeds' },
  { number: '3566002020360505', brand: 'jcb', setUp: 'succeeds', charge: 'succeeds' },
  { number: '1946000000000005', brand: 'gpn', setUp: 'succeeds', charge: 'succeeds' },
  { number: '4000000000009995', brand: 'visa', setUp: 'not_enough_money', charge: 'not_enough_money' },
  { number: '4000000000000069', brand: 'visa', setUp: 'expired', charge: 'expired' },
  { number: '4000000000006975', brand: 'visa', setUp: 'over_limit', charge: 'over_limit' },
  { number: '4000000000000127', brand: 'visa', setUp: 'wrong_details', charge: 'wrong_details' },
  { number: '4000000000003055', brand: 'visa', setUp: 'not_allowed', charge: 'not_allowed' },
  { number: '4000000000009979', brand: 'visa', setUp: 'blocked', charge: 'blocked' },
  { number: '4000000000000002', brand: 'visa', setUp: 'unsaid', charge: 'unsaid' },
  { number: '4000000000000119', brand: 'visa', setUp: 'provider_problem', charge: 'provider_problem' },
  { number: '4000002500003155', brand: 'visa', setUp: 'asks', charge: 'succeeds' },
  { number: '4000002760003184', brand: 'visa', setUp: 'asks', charge: 'asks' },
  { number: '4000000000007718', brand: 'visa', setUp: 'pending_succeeds', charge: 'succeeds' },
  { number: '4000000000007726', brand: 'visa', setUp: 'pending_fails', charge: 'pending_fails' },
  { number: '4000000000000341', brand: 'visa', setUp: 'succeeds', charge: 'not_enough_money' },
  { number: '4000000000007734', brand: 'visa', setUp: 'succeeds', charge: 'pending_succeeds' },
  { number: '4000000000007742', brand: 'visa', setUp: 'succeeds', charge: 'pending_fails' },
  { number: '4000000000007759', brand: 'visa', setUp: 'silent', charge: 'succeeds' },
  { number: '4000000000007767', brand: 'visa', setUp: 'succeeds', charge: 'silent' },
  { number: '4000000000007783', brand: 'visa', setUp: 'succeeds', charge: 'refund_refused' },
  { number: '4000000000007791', brand: 'visa', setUp: 'succeeds', charge: 'refund_pending_succeeds' },
  { number: '4000000000007809', brand: 'visa', setUp: 'succeeds', charge: 'refund_pending_fails' },
  { number: '4000000000007817', brand: 'visa', setUp: 'succeeds', charge: 'refund_silent' },
];

export type TestWallet = { readonly phone: string; readonly setUp: Play; readonly charge: Play };

/** The only phone numbers the simulated wallets take. */
export const testWallets: readonly TestWallet[] = [
  { phone: '081200000001', setUp: 'succeeds', charge: 'succeeds' },
  { phone: '081200000002', setUp: 'succeeds', charge: 'not_enough_money' },
  { phone: '081200000003', setUp: 'asks', charge: 'asks' },
  { phone: '081200000004', setUp: 'pending_succeeds', charge: 'pending_succeeds' },
];

export const walletBrands = ['gopay', 'ovo'] as const;

/**
 * What the provider tells of a method that is the same each time it is brought: its brand and how it is shown. Of the
 * numbers that are taken no two look alike, so this needs nothing of the number itself.
 */
export function fingerprintOfLooks(method: {
  readonly brand: string | null;
  readonly last4: string | null;
  readonly label: string | null;
}): string {
  return `simfp_${method.brand ?? 'none'}_${method.last4 ?? method.label ?? 'none'}`;
}

/** The test card of what was typed, spaces and dashes or not; null for any other number. */
export function findTestCard(typed: string): TestCard | null {
  const digits = typed.replace(/[\s-]/g, '');
  return testCards.find((card) => card.number === digits) ?? null;
}

export function findTestWallet(typed: string): TestWallet | null {
  const digits = typed.replace(/[\s-]/g, '').replace(/^\+?62/, '0');
  return testWallets.find((wallet) => wallet.phone === digits) ?? null;
}

/**
 * What a token does that was brought along in an import, so that sample data can be charged:
 * `simtok_<play>_<anything>` plays its part, any other `simtok_…` succeeds, another token is unknown (null).
 */
export function playOfImportedToken(token: string): Play | null {
  if (!token.startsWith('simtok')) return null;
  const named = plays.find((play) => token.startsWith(`simtok_${play}_`));
  return named ?? 'succeeds';
}

/**
 * How a refund of a charge plays that was brought along: `simch_<play>_<anything>` names it, any other is given back at
 * once.
 */
export function refundPlayOf(play: Play | null, chargeReference: string): RefundPlay | 'succeeds' {
  const named = refundPlays.find(
    (one) => one === play || (play === null && chargeReference.startsWith(`simch_${one}_`)),
  );
  return named ?? 'succeeds';
}

const refundPlays: readonly RefundPlay[] = [
  'refund_refused',
  'refund_pending_succeeds',
  'refund_pending_fails',
  'refund_silent',
];

/** Longer names first: `pending_succeeds` is not `succeeds`. */
const plays: readonly Play[] = [
  ...refundPlays,
  'pending_succeeds',
  'pending_fails',
  'succeeds',
  'asks',
  'silent',
  'not_enough_money',
  'expired',
  'over_limit',
  'wrong_details',
  'not_allowed',
  'blocked',
  'unsaid',
  'provider_problem',
];
