import type { AnyRoute } from '@/lib/api/route.ts';
import { checkoutSettingsRoutes } from './checkout-settings.ts';
import { customerRoutes } from './customers.ts';
import { eventRoutes } from './events.ts';
import { invoiceRoutes } from './invoices.ts';
import { paymentMethodRoutes } from './payment-methods.ts';
import { planRoutes } from './plans.ts';
import { portalConfigurationRoutes } from './portal-configuration.ts';
import { mintRoute, revokeRoute } from './portal-sessions.ts';
import { receiptRoutes } from './receipts.ts';
import { refundRoutes } from './refunds.ts';
import { subscriptionRoutes } from './subscriptions.ts';
import { testClockRoutes } from './test-clocks.ts';
import { uploadRoutes } from './uploads.ts';
import { webhookRoutes } from './webhooks.ts';

/** Every route of the merchant API that needs a key, in the order of the reference. */
export const routes: readonly AnyRoute[] = [
  ...customerRoutes,
  ...planRoutes,
  ...subscriptionRoutes,
  ...invoiceRoutes,
  ...receiptRoutes,
  ...refundRoutes,
  mintRoute,
  revokeRoute,
  ...portalConfigurationRoutes,
  ...paymentMethodRoutes,
  ...eventRoutes,
  ...checkoutSettingsRoutes,
  ...uploadRoutes,
  ...testClockRoutes,
  ...webhookRoutes,
];
