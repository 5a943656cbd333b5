import { z } from '@hono/zod-openapi';
import { emailText, flag, longText, nothing, oneOf, shown, text } from '@/lib/api/fields.ts';
import type { AnyRoute } from '@/lib/api/route.ts';
import { makeRoute } from '@/lib/api/route.ts';
import { findWorkspaceSettings } from '@/lib/data/workspaces.ts';
import type { CheckoutMethod, CheckoutSettings } from '@/lib/domain/checkout-settings.ts';
import { checkoutMethods, readTaxRate, supportOf, wireCheckoutSettings } from '@/lib/domain/checkout-settings.ts';
import { fail, succeed } from '@/lib/domain/result.ts';
import type { BrandSettings } from '@/lib/domain/workspace-settings.ts';
import type { CheckoutChange } from '@/lib/operations/update-checkout-settings.ts';
import { updateCheckoutSettings } from '@/lib/operations/update-checkout-settings.ts';

const method = oneOf(...checkoutMethods);
const methods = z
  .array(method, { error: 'must be a list of methods' })
  .refine((given) => new Set(given).size === given.length, 'must name no method twice');
const adapter = text(40).regex(/^[a-z][a-z0-9_]*$/, 'must be the name of an adapter');

const taxRate = z
  .number({ error: 'must be a fraction such as 0.11' })
  .refine((rate) => readTaxRate(rate) !== null, 'must lie between 0 and 1 and have at most 4 digits after the point')
  .openapi({ minimum: 0, maximum: 1 });

const receiptTemplate = z
  .strictObject({
    footerText: longText(1_000).nullable(),
    thankYouText: longText(500).nullable(),
    showTax: flag.nullable(),
    taxLabel: text(40).nullable(),
    taxRate: taxRate.nullable(),
    cashierLabel: text(64).nullable(),
    showMerchantAddress: flag.nullable(),
    merchantAddress: longText(1_000).nullable(),
    merchantTaxId: text(64).nullable(),
  })
  .partial();

const settings = {
  enabledMethods: methods,
  methodOrder: methods,
  methodAdapter: z.partialRecord(method, adapter, { error: 'must be an object of adapters by method' }),
  brandName: text(120).nullable(),
  brandLogoUrl: text(2_048)
    .nullable()
    .openapi({ description: 'Set it to the url of a picture uploaded here; shown is where the portal serves it' }),
  brandAccentColor: z
    .string({ error: 'must be written #RRGGBB' })
    .regex(/^#[0-9A-Fa-f]{6}$/, 'must be written #RRGGBB')
    .nullable(),
  brandTagline: text(255).nullable(),
  businessPhone: text(64).nullable(),
  businessEmail: emailText.nullable(),
  businessAddress: longText(1_000).nullable(),
  businessTaxId: text(64).nullable(),
  receiptTemplate: receiptTemplate.nullable(),
};

const changes = z.strictObject(settings).partial().openapi('CheckoutSettingsChanges');

const checkoutSettings = z
  .object({
    ...settings,
    receiptTemplate: receiptTemplate.required().nullable(),
    brandLogoUrl: shown.textOrNull,
    availableMethods: z.array(method),
    methodSupport: z.partialRecord(method, z.array(z.string())),
  })
  .openapi('CheckoutSettings');

const base = {
  path: '/checkout/settings',
  successStatus: 200,
  strictIdempotency: false,
  tag: 'Checkout settings',
  answer: checkoutSettings,
  toWire: wireCheckoutSettings,
} as const;

/** The routes of `/checkout/settings`. */
export const checkoutSettingsRoutes: readonly AnyRoute[] = [
  makeRoute<unknown, CheckoutSettings>({
    ...base,
    method: 'GET',
    scope: 'plugipay:checkout:read',
    summary: 'Read brand, business, receipts and payment methods',
    input: nothing,
    async run({ call, scope }) {
      const found = await findWorkspaceSettings(call.runtime.read, scope);
      if (found === null) return fail('not_found', 'There is no such workspace.');
      const support = supportOf(call.runtime.providers.forNew(scope.mode));
      return succeed({ brand: found.brand, logoPath: found.logoPath, methods: found.checkout, support });
    },
  }),
  makeRoute<z.infer<typeof changes>, CheckoutSettings>({
    ...base,
    method: 'PATCH',
    scope: 'plugipay:checkout:write',
    summary: 'Change brand, business, receipts and payment methods; null clears',
    input: changes,
    write: ({ on, scope, by, input }) => updateCheckoutSettings(on, scope, by, readChange(input)),
  }),
];

function readChange(input: z.infer<typeof changes>): CheckoutChange {
  const { enabledMethods, methodOrder, methodAdapter } = input;
  const brand: Given<BrandSettings> = {
    name: input.brandName,
    accentColor: input.brandAccentColor,
    tagline: input.brandTagline,
    phone: input.businessPhone,
    email: input.businessEmail,
    address: input.businessAddress,
    taxId: input.businessTaxId,
    receipt: input.receiptTemplate === undefined ? undefined : readTemplate(input.receiptTemplate),
  };
  return {
    brand: named(brand),
    methods: named({ enabledMethods, methodOrder, methodAdapter: readAdapters(methodAdapter) }),
    logoUrl: input.brandLogoUrl,
  };
}

/** Null clears the whole template. */
function readTemplate(given: z.infer<typeof receiptTemplate> | null): NonNullable<BrandSettings['receipt']> {
  if (given === null) {
    return {
      showTax: null,
      taxLabel: null,
      taxRateBasisPoints: null,
      thankYouText: null,
      footerText: null,
      showMerchantAddress: null,
      merchantAddress: null,
      merchantTaxId: null,
      cashierLabel: null,
    };
  }
  const { taxRate: rate, ...rest } = given;
  const taxRateBasisPoints = rate === undefined || rate === null ? rate : readTaxRate(rate);
  return named({ ...rest, taxRateBasisPoints });
}

function readAdapters(given: Readonly<Partial<Record<CheckoutMethod, string | undefined>>> | undefined) {
  return given === undefined ? undefined : named(given);
}

type Given<T> = { [Name in keyof T]?: T[Name] | undefined };

/** Only what was sent. */
function named<T extends object>(given: T): { [Name in keyof T]: Exclude<T[Name], undefined> } {
  const sent = Object.entries(given).filter(([, value]) => value !== undefined);
  return Object.fromEntries(sent) as { [Name in keyof T]: Exclude<T[Name], undefined> };
}
