import type { Brand } from './workspace.ts';
import type { BrandSettings } from './workspace-settings.ts';

/** The payment methods of the wire, in the order they are shown where nobody orders them. */
export const checkoutMethods = ['qris', 'va', 'ewallet', 'card', 'retail', 'paypal'] as const;

export type CheckoutMethod = (typeof checkoutMethods)[number];

/** Which payment methods a workspace offers at a checkout; what it leaves out has a default. */
export type MethodSettings = {
  readonly enabledMethods?: readonly CheckoutMethod[] | undefined;
  readonly methodOrder?: readonly CheckoutMethod[] | undefined;
  /** Which adapter takes a method where several could. */
  readonly methodAdapter?: Readonly<Partial<Record<CheckoutMethod, string>>> | undefined;
};

/** The adapters of this deployment that take each method, in one mode. Methods nobody takes are absent. */
export type MethodSupport = Readonly<Partial<Record<CheckoutMethod, readonly string[]>>>;

/** The checkout settings of one workspace and mode: what it has set, and what is computed beside it. */
export type CheckoutSettings = {
  readonly brand: BrandSettings;
  /** Path of the logo on the portal's own host, or null. */
  readonly logoPath: string | null;
  readonly methods: MethodSettings;
  readonly support: MethodSupport;
};

type Capable = {
  readonly adapter: string;
  readonly capabilities: { readonly savedKinds: readonly string[]; readonly paymentKinds: readonly string[] };
};

/** What the provider for new payments takes, saved or on its page; nothing without one. */
export function supportOf(provider: Capable | null): MethodSupport {
  if (provider === null) return {};
  const { savedKinds, paymentKinds } = provider.capabilities;
  const kinds = new Set([...savedKinds, ...paymentKinds]);
  const taken = checkoutMethods.filter((method) => kinds.has(method));
  return Object.fromEntries(taken.map((method) => [method, [provider.adapter]]));
}

/** Checkout settings as they stand on the wire. Without a choice, every method that is supported is enabled. */
export function wireCheckoutSettings({
  brand,
  logoPath,
  methods,
  support,
}: CheckoutSettings): Readonly<Record<string, unknown>> {
  const availableMethods = checkoutMethods.filter((method) => support[method] !== undefined);
  const enabledMethods = methods.enabledMethods ?? availableMethods;
  return {
    enabledMethods,
    methodOrder: methods.methodOrder ?? enabledMethods,
    methodAdapter: methods.methodAdapter ?? {},
    brandName: brand.name ?? null,
    brandLogoUrl: logoPath,
    brandAccentColor: brand.accentColor ?? null,
    brandTagline: brand.tagline ?? null,
    businessPhone: brand.phone ?? null,
    businessEmail: brand.email ?? null,
    businessAddress: brand.address ?? null,
    businessTaxId: brand.taxId ?? null,
    receiptTemplate: wireTemplate(brand.receipt ?? {}),
    availableMethods,
    methodSupport: support,
  };
}

function wireTemplate(receipt: NonNullable<BrandSettings['receipt']>): Readonly<Record<string, unknown>> | null {
  if (Object.values(receipt).every((value) => value === null || value === undefined)) return null;
  const { taxRateBasisPoints: rate = null } = receipt;
  return {
    footerText: receipt.footerText ?? null,
    thankYouText: receipt.thankYouText ?? null,
    showTax: receipt.showTax ?? null,
    taxLabel: receipt.taxLabel ?? null,
    taxRate: rate === null ? null : rate / 10_000,
    cashierLabel: receipt.cashierLabel ?? null,
    showMerchantAddress: receipt.showMerchantAddress ?? null,
    merchantAddress: receipt.merchantAddress ?? null,
    merchantTaxId: receipt.merchantTaxId ?? null,
  };
}

/** A rate from 0 to 1 as basis points: 0.11 is 1100. Null for anything else, or finer than a basis point. */
export function readTaxRate(rate: number): number | null {
  if (!(rate >= 0 && rate <= 1)) return null;
  const basisPoints = Math.round(rate * 10_000);
  // What the text of a fraction has of four digits, its nearest float has to within far less than this.
  return Math.abs(rate * 10_000 - basisPoints) < 1e-9 ? basisPoints : null;
}

/** The merchant as its receipts name it: their own address and tax id where they have one, else the brand's. */
export function merchantOnReceipts(brand: Brand): { readonly address: string | null; readonly taxId: string | null } {
  const { showMerchantAddress, merchantAddress, merchantTaxId } = brand.receipt;
  return {
    address: showMerchantAddress ? (merchantAddress ?? brand.address) : null,
    taxId: merchantTaxId ?? brand.taxId,
  };
}
