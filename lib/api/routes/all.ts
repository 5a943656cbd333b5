import type { AnyRoute } from '@/lib/api/route.ts';
import { customerRoutes } from './customers.ts';
import { mintRoute } from './portal-sessions.ts';

/** Every route of the merchant API that needs a key, in the order of the reference. */
export const routes: readonly AnyRoute[] = [...customerRoutes, mintRoute];
