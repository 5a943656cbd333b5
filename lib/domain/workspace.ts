import type { PresetName } from './portal-presets.ts';
import type { WorkspaceScope } from './viewer.ts';

/** How a workspace looks and who it is, from its checkout settings. Nullable fields are not printed when null. */
export type Brand = {
  readonly name: string;
  /** Path of the logo on the portal's own host, or null for the name in text. */
  readonly logoPath: string | null;
  /** `#RRGGBB`, or null for the portal's own colour. */
  readonly accentColor: string | null;
  readonly legalName: string | null;
  readonly address: string | null;
  readonly taxId: string | null;
  readonly email: string | null;
  readonly phone: string | null;
  /** ISO 3166-1 alpha-2; decides which documents the law asks for ("ID": PPN, amount in words, stamp duty). */
  readonly country: string | null;
  readonly receipt: {
    readonly showTax: boolean;
    readonly taxLabel: string;
    /** Basis points: 1100 is 11 %. */
    readonly taxRateBasisPoints: number;
    readonly thankYouText: string | null;
    readonly footerText: string | null;
    /** Are receipts to name an address? Theirs, or else the brand's. */
    readonly showMerchantAddress: boolean;
    readonly merchantAddress: string | null;
    readonly merchantTaxId: string | null;
  };
};

export const switchNames = [
  'selfServeCancel',
  'selfServePause',
  'selfServeUpgrade',
  'selfServeDowngrade',
  'updatePaymentMethod',
] as const;

export type SwitchName = (typeof switchNames)[number];

/** The object of `GET /portal/configuration`: what the portal of one workspace and mode offers. */
export type PortalConfiguration = {
  /** What holds where a workspace sets nothing itself. */
  readonly preset: PresetName;
  readonly linkLifetimeSeconds: number;
  /** Origins a return address may have; empty means any. */
  readonly allowedReturnOrigins: readonly string[];
  readonly defaultLocale: 'auto' | 'id' | 'en';
  readonly supportEmail: string | null;
  readonly supportUrl: string | null;
  readonly privacyUrl: string | null;
  readonly termsUrl: string | null;
  readonly features: Readonly<Record<SwitchName | 'editDetails', boolean>>;
  readonly entryAsk: 'auto' | 'always';
  /** The way back carries the signed result of the session. */
  readonly signResult: boolean;
  readonly buyerCanSwitchLocale: boolean;
  /** IANA name; the one billing zone of screen and document. */
  readonly timeZone: string;
  readonly subscribeAgainUrl: string | null;
  readonly theme: { readonly scheme: 'auto' | 'light' | 'dark'; readonly corners: 'sharp' | 'soft' | 'round' };
  readonly overview: { readonly nextPayment: boolean; readonly breakdown: boolean };
  readonly paymentMethods: {
    readonly view: boolean;
    readonly add: boolean;
    readonly remove: boolean;
    readonly setDefault: boolean;
    readonly perSubscription: boolean;
    readonly offerPayDue: boolean;
  };
  readonly invoices: { readonly view: boolean; readonly pdf: boolean; readonly pay: boolean };
  /** `emailTo`: where a buyer may have a receipt mailed to again: nowhere, to the customer's address, to any. */
  readonly receipts: { readonly view: boolean; readonly pdf: boolean; readonly emailTo: 'off' | 'own' | 'any' };
  readonly subscriptions: { readonly view: boolean; readonly showEnded: boolean };
  readonly cancel: {
    readonly timing: readonly ('period_end' | 'now')[];
    readonly pastDue: 'stop_collection' | 'keep_due';
    readonly reasons: 'after' | 'off';
    readonly disabledMessage: string | null;
  };
  readonly sessionLedger: boolean;
};

/** What holds for a workspace that sets nothing: a complete, lawful portal. */
export const completeConfiguration: PortalConfiguration = {
  preset: 'complete',
  linkLifetimeSeconds: 600,
  allowedReturnOrigins: [],
  defaultLocale: 'auto',
  supportEmail: null,
  supportUrl: null,
  privacyUrl: null,
  termsUrl: null,
  features: {
    selfServeCancel: true,
    selfServePause: true,
    selfServeUpgrade: true,
    selfServeDowngrade: true,
    updatePaymentMethod: true,
    editDetails: true,
  },
  entryAsk: 'auto',
  signResult: false,
  buyerCanSwitchLocale: true,
  timeZone: 'Asia/Jakarta',
  subscribeAgainUrl: null,
  theme: { scheme: 'auto', corners: 'soft' },
  overview: { nextPayment: true, breakdown: true },
  paymentMethods: { view: true, add: true, remove: true, setDefault: true, perSubscription: true, offerPayDue: true },
  invoices: { view: true, pdf: true, pay: true },
  receipts: { view: true, pdf: true, emailTo: 'own' },
  subscriptions: { view: true, showEnded: true },
  cancel: { timing: ['period_end'], pastDue: 'stop_collection', reasons: 'after', disabledMessage: null },
  sessionLedger: true,
};

/** A workspace in one mode, as a page or an operation needs it. */
export type Workspace = WorkspaceScope & {
  readonly name: string;
  readonly suspended: boolean;
  readonly brand: Brand;
  readonly configuration: PortalConfiguration;
};

/** The address whoever needs the merchant is sent to: its help page, its support, else its business email. Null where it names none. */
export function contactOf({
  configuration,
  brand,
}: Pick<Workspace, 'configuration'> & { readonly brand: Pick<Brand, 'email'> }): string | null {
  const { supportUrl, supportEmail } = configuration;
  const email = supportEmail ?? brand.email;
  return supportUrl ?? (email === null ? null : `mailto:${email}`);
}

/** A switch is on for a subscription only where the plan and the configuration both have it on. */
export function isOffered(
  name: SwitchName,
  planFeatures: Readonly<Record<SwitchName, boolean>>,
  configuration: Pick<PortalConfiguration, 'features'>,
): boolean {
  return planFeatures[name] && configuration.features[name];
}
