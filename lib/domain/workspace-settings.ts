import type { LogoType } from './logo.ts';
import { maxLogoBytes, readLogoType } from './logo.ts';
import type { Failure, Result } from './result.ts';
import { fail, succeed } from './result.ts';
import type { Brand, PortalConfiguration } from './workspace.ts';
import { contactOf } from './workspace.ts';

/** What a workspace says about itself; what it leaves out or sets to null has a default. The logo is kept apart. */
export type BrandSettings = { readonly [Name in keyof Omit<Brand, 'logoPath' | 'receipt'>]?: Brand[Name] | null } & {
  /** Of a checkout page; the portal shows none. */
  readonly tagline?: string | null;
  readonly receipt?: { readonly [Name in keyof Brand['receipt']]?: Brand['receipt'][Name] | null } & {
    /** Of a receipt at a till; ours name no cashier. */
    readonly cashierLabel?: string | null;
  };
};

type Groups =
  | 'features'
  | 'theme'
  | 'overview'
  | 'paymentMethods'
  | 'invoices'
  | 'receipts'
  | 'subscriptions'
  | 'cancel';

/** The keys of the portal configuration that a workspace set; groups may be set in part. */
export type ConfigurationSettings = Partial<Omit<PortalConfiguration, Groups>> & {
  readonly [Name in Groups]?: Partial<PortalConfiguration[Name]>;
};

/** A picture as it is stored: its type by its bytes, the bytes in base64. */
export type Logo = { readonly type: LogoType; readonly bytes: Uint8Array };

/** Texts an operator or merchant may set, with their limits in characters. */
const textLimits: readonly (readonly [keyof BrandSettings & string, number])[] = [
  ['name', 120],
  ['legalName', 255],
  ['address', 1_000],
  ['taxId', 64],
  ['email', 320],
  ['phone', 64],
  ['tagline', 255],
];

/** The same of what stands on receipts. */
const receiptLimits: readonly (readonly [keyof NonNullable<BrandSettings['receipt']> & string, number])[] = [
  ['taxLabel', 40],
  ['thankYouText', 500],
  ['footerText', 1_000],
  ['cashierLabel', 64],
  ['merchantAddress', 1_000],
  ['merchantTaxId', 64],
];

/** The first thing wrong with a workspace's name, or null. */
export function checkWorkspaceName(name: string): Failure<'validation_error'> | null {
  return isText(name, 1, 255, 'line')
    ? null
    : no('name', 'The name must be one line of 1 to 255 characters, without control characters.');
}

/** The first thing wrong with a brand, or null. Checks only what is given. */
export function checkBrand(brand: BrandSettings): Failure<'validation_error'> | null {
  for (const [field, most] of textLimits) {
    const text = brand[field];
    if (typeof text === 'string' && !isText(text, 1, most, lengthOf(field))) {
      return no(field, `${field} must ${describeText(field, most)}.`);
    }
  }
  if (isGiven(brand.email) && !isEmail(brand.email))
    return no('email', 'email must be an address such as halo@example.com.');
  if (isGiven(brand.accentColor) && !/^#[0-9A-Fa-f]{6}$/.test(brand.accentColor)) {
    return no('accentColor', 'The accent colour must be written #RRGGBB.');
  }
  if (isGiven(brand.country) && !/^[A-Z]{2}$/.test(brand.country)) {
    return no('country', 'country must be a two-letter code such as ID.');
  }
  const rate = brand.receipt?.taxRateBasisPoints;
  if (isGiven(rate) && !(Number.isInteger(rate) && rate >= 0 && rate <= 10_000)) {
    return no('taxRateBasisPoints', 'The tax rate must lie between 0 and 100 %, in steps of 0.01 %.');
  }
  for (const [field, most] of receiptLimits) {
    const text = brand.receipt?.[field];
    if (typeof text === 'string' && !isText(text, 1, most, lengthOf(field))) {
      return no(field, `${field} must ${describeText(field, most)}.`);
    }
  }
  return null;
}

/** The first thing wrong with configuration settings, or null. Checks only what is given. */
export function checkConfiguration(settings: ConfigurationSettings): Failure<'validation_error'> | null {
  const { timeZone, linkLifetimeSeconds: life, allowedReturnOrigins: origins, supportEmail } = settings;
  if (timeZone !== undefined && !isTimeZone(timeZone)) {
    return no('timeZone', 'The time zone must be a name such as Asia/Jakarta.');
  }
  if (life !== undefined && !(Number.isInteger(life) && life >= 300 && life <= 900)) {
    return no('linkLifetimeSeconds', 'linkLifetimeSeconds must lie between 300 and 900.');
  }
  const strange = origins?.find((one) => !isOrigin(one));
  if (strange !== undefined) {
    return no('allowedReturnOrigins', 'allowedReturnOrigins holds origins such as https://shop.example.com.');
  }
  if (isGiven(supportEmail) && !isEmail(supportEmail))
    return no('supportEmail', 'supportEmail must be an email address.');
  for (const field of ['supportUrl', 'privacyUrl', 'termsUrl', 'subscribeAgainUrl'] as const) {
    const address = settings[field];
    if (isGiven(address) && !isWebAddress(address)) return no(field, `${field} must be an https address.`);
  }
  const locale = settings.defaultLocale;
  if (locale !== undefined && !['auto', 'id', 'en'].includes(locale)) {
    return no('defaultLocale', 'defaultLocale must be auto, id or en.');
  }
  const timing = settings.cancel?.timing;
  if (timing !== undefined && (timing.length === 0 || timing.some((one) => one !== 'period_end' && one !== 'now'))) {
    return no('cancel.timing', 'cancel.timing holds period_end, now, or both.');
  }
  const message = settings.cancel?.disabledMessage;
  if (isGiven(message) && !isText(message, 1, 500, 'lines')) {
    return no(
      'cancel.disabledMessage',
      'cancel.disabledMessage must have 1 to 500 characters and no control characters.',
    );
  }
  return null;
}

/**
 * The first thing wrong with a configuration as a whole, or null: where cancelling is off, buyers are told why and whom
 * to ask.
 */
export function checkWholeConfiguration(
  configuration: PortalConfiguration,
  brand: Pick<Brand, 'email'>,
): Failure<'validation_error'> | null {
  const { features, cancel } = configuration;
  if (features.selfServeCancel) return null;
  if (cancel.disabledMessage === null) {
    return no('cancel.disabledMessage', 'With cancelling off, cancel.disabledMessage must say how to cancel.');
  }
  if (contactOf({ configuration, brand }) === null) {
    return no('supportEmail', 'With cancelling off, supportEmail or supportUrl must name whom to ask.');
  }
  return null;
}

/** Reads a file as a logo: PNG, JPEG or WebP by its bytes, up to 512 KiB. */
export function readLogo(bytes: Uint8Array): Result<Logo, 'validation_error'> {
  const type = readLogoType(bytes);
  if (type === null)
    return fail('validation_error', 'The logo must be a PNG, JPEG or WebP picture.', { field: 'logo' });
  if (bytes.length > maxLogoBytes) {
    return fail('validation_error', 'The logo must not be larger than 512 KiB.', { field: 'logo' });
  }
  return succeed({ type, bytes });
}

/** Is this name a time zone this runtime knows? Offsets such as "+07:00" are none. */
function isTimeZone(name: string): boolean {
  if (!/^[A-Za-z]+(\/[A-Za-z0-9_+-]+)*$/.test(name)) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

function isGiven<T>(value: T | null | undefined): value is T {
  return value !== undefined && value !== null;
}

/** Fields that may have several lines; every other text is one line. */
const severalLines: ReadonlySet<string> = new Set(['address', 'thankYouText', 'footerText', 'merchantAddress']);

function lengthOf(field: string): 'line' | 'lines' {
  return severalLines.has(field) ? 'lines' : 'line';
}

function describeText(field: string, most: number): string {
  return severalLines.has(field)
    ? `have 1 to ${most} characters and no control characters`
    : `be one line of 1 to ${most} characters, without control characters`;
}

/** Line breaks are fine in an address; other control characters never are, nor are direction overrides. */
function isText(text: string, least: number, most: number, length: 'line' | 'lines'): boolean {
  const checked = length === 'lines' ? text.replaceAll('\n', '') : text;
  return (
    text.trim().length >= least &&
    text.length <= most &&
    !/[\p{Cc}\u2028\u2029\u202A-\u202E\u2066-\u2069]/u.test(checked)
  );
}

function isEmail(text: string): boolean {
  return text.length <= 320 && /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(text);
}

function isOrigin(text: string): boolean {
  const url = URL.parse(text);
  return url !== null && /^https?:$/.test(url.protocol) && text === url.origin;
}

function isWebAddress(text: string): boolean {
  const url = URL.parse(text);
  return url !== null && url.protocol === 'https:' && url.username === '' && text.length <= 2_048;
}

function no(field: string, message: string): Failure<'validation_error'> {
  return fail('validation_error', message, { field }).failure;
}
