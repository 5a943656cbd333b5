import type { ConfigurationSettings } from './workspace-settings.ts';

export const presetNames = ['complete', 'billing_only', 'documents_only', 'payment_only', 'view_only'] as const;

export type PresetName = (typeof presetNames)[number];

const noSwitch = {
  selfServeCancel: false,
  selfServePause: false,
  selfServeUpgrade: false,
  selfServeDowngrade: false,
  updatePaymentMethod: false,
  editDetails: false,
} as const;

const nothingOfMethods = { add: false, remove: false, setDefault: false, perSubscription: false, offerPayDue: false };

/** Where each preset differs from the complete portal. What a workspace sets itself goes before its preset. */
export const presets: Readonly<Record<PresetName, ConfigurationSettings>> = {
  complete: {},
  billing_only: { features: { selfServePause: false, selfServeUpgrade: false, selfServeDowngrade: false } },
  documents_only: {
    features: noSwitch,
    overview: { nextPayment: false, breakdown: false },
    paymentMethods: { view: false, ...nothingOfMethods },
    invoices: { pay: false },
    subscriptions: { view: false, showEnded: false },
  },
  payment_only: {
    features: { ...noSwitch, updatePaymentMethod: true },
    receipts: { view: false, pdf: false, emailTo: 'off' },
    subscriptions: { view: false, showEnded: false },
  },
  view_only: { features: noSwitch, paymentMethods: nothingOfMethods, invoices: { pay: false } },
};
