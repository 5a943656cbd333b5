import { z } from '@hono/zod-openapi';
import { emailText, flag, longText, nothing, oneOf, shown, text, whole } from '@/lib/api/fields.ts';
import type { AnyRoute } from '@/lib/api/route.ts';
import { makeRoute } from '@/lib/api/route.ts';
import { findSettingsStamp, findWorkspace } from '@/lib/data/workspaces.ts';
import { presetNames } from '@/lib/domain/portal-presets.ts';
import { fail, succeed } from '@/lib/domain/result.ts';
import { wireConfiguration } from '@/lib/domain/wire-configuration.ts';
import type { ConfigurationSettings } from '@/lib/domain/workspace-settings.ts';
import type { ChangedConfiguration } from '@/lib/operations/update-portal-configuration.ts';
import { updatePortalConfiguration } from '@/lib/operations/update-portal-configuration.ts';

const address = text(2_048).nullable();

/** Everything a workspace may set; each group may be sent in part. */
const settings = {
  preset: oneOf(...presetNames),
  linkLifetimeSeconds: whole.openapi({ minimum: 300, maximum: 900 }),
  allowedReturnOrigins: z.array(text(255), { error: 'must be a list' }).max(100, 'must not hold more than 100'),
  defaultLocale: oneOf('auto', 'id', 'en'),
  supportEmail: emailText.nullable(),
  supportUrl: address,
  privacyUrl: address,
  termsUrl: address,
  features: z
    .strictObject({
      selfServeCancel: flag,
      selfServePause: flag,
      selfServeUpgrade: flag,
      selfServeDowngrade: flag,
      updatePaymentMethod: flag,
      editDetails: flag,
    })
    .partial(),
  entryAsk: oneOf('auto', 'always'),
  signResult: flag,
  buyerCanSwitchLocale: flag,
  timeZone: text(64).openapi({ example: 'Asia/Jakarta' }),
  subscribeAgainUrl: address,
  theme: z.strictObject({ scheme: oneOf('auto', 'light', 'dark'), corners: oneOf('sharp', 'soft', 'round') }).partial(),
  overview: z.strictObject({ nextPayment: flag, breakdown: flag }).partial(),
  paymentMethods: z
    .strictObject({
      view: flag,
      add: flag,
      remove: flag,
      setDefault: flag,
      perSubscription: flag,
      offerPayDue: flag,
    })
    .partial(),
  invoices: z.strictObject({ view: flag, pdf: flag, pay: flag }).partial(),
  receipts: z.strictObject({ view: flag, pdf: flag, emailTo: oneOf('off', 'own', 'any') }).partial(),
  subscriptions: z.strictObject({ view: flag, showEnded: flag }).partial(),
  cancel: z
    .strictObject({
      timing: z.array(oneOf('period_end', 'now'), { error: 'must be a list' }).max(2, 'must not hold more than 2'),
      pastDue: oneOf('stop_collection', 'keep_due'),
      reasons: oneOf('after', 'off'),
      disabledMessage: longText(500).nullable(),
    })
    .partial(),
  sessionLedger: flag,
};

const changes = z.strictObject(settings).partial().openapi('PortalConfigurationChanges');

const configuration = z
  .object({
    accountId: z.string(),
    mode: z.enum(['live', 'test']),
    ...settings,
    sessionIdleSeconds: z.int(),
    sessionAbsoluteSeconds: z.int(),
    resultSecret: z
      .string()
      .optional()
      .openapi({ description: 'Key of the signed results; in the answer that turned signResult on, and never again' }),
    version: z.int(),
    updatedAt: shown.time,
  })
  .openapi('PortalConfiguration');

const base = {
  path: '/portal/configuration',
  successStatus: 200,
  strictIdempotency: false,
  tag: 'Portal configuration',
  answer: configuration,
  toWire: ({ workspace, version, updatedAt, resultSecret }: ChangedConfiguration) => ({
    ...wireConfiguration(workspace, version, updatedAt),
    ...(resultSecret === null ? {} : { resultSecret: resultSecret.reveal() }),
  }),
} as const;

/** The routes of `/portal/configuration`. */
export const portalConfigurationRoutes: readonly AnyRoute[] = [
  makeRoute<unknown, ChangedConfiguration>({
    ...base,
    method: 'GET',
    scope: 'plugipay:portal:read',
    summary: 'Read what the portal offers',
    input: nothing,
    async run({ call, scope }) {
      const { read } = call.runtime;
      const [workspace, stamp] = [await findWorkspace(read, scope), await findSettingsStamp(read, scope)];
      return workspace === null || stamp === null
        ? fail('not_found', 'There is no such workspace.')
        : succeed({ workspace, ...stamp, resultSecret: null });
    },
  }),
  makeRoute<z.infer<typeof changes>, ChangedConfiguration>({
    ...base,
    method: 'PATCH',
    scope: 'plugipay:portal:write',
    summary: 'Change what the portal offers; groups may be sent in part',
    input: changes,
    write: ({ on, scope, by, input }) => updatePortalConfiguration(on, scope, by, input as ConfigurationSettings),
  }),
];
