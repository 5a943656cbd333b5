import { rmSync } from 'node:fs';
import { startPortal } from './portal-server.ts';

/** Starts the portal that most specs share and tells the workers its address; the answer stops it. */
export default async function setUp(): Promise<() => Promise<void>> {
  rmSync('.cache/e2e', { recursive: true, force: true });
  const portal = await startPortal();
  process.env.PORTAL_E2E_ORIGIN = portal.origin;
  process.env.PORTAL_E2E_ENVIRONMENT = JSON.stringify(portal.environment);
  return () => portal.stop();
}
