import { sampleCustomerPrefix, sampleScope } from '@/app/(test-mode)/test/_sample/sample-workspace.ts';
import { Link } from '@/components/ui/link.tsx';
import type { Page } from './draw.tsx';

/** Where a sample buyer's clock is moved, for who looks at the portal with the test tools; nothing for anybody else. */
export function ClockLink({ page: { on, viewer, words } }: { page: Page }) {
  const { workspaceId, mode, customerId } = viewer;
  const isSample = workspaceId === sampleScope.workspaceId && mode === sampleScope.mode;
  if (!on.config.testTools || !isSample || !customerId.startsWith(sampleCustomerPrefix)) return null;
  const slug = customerId.slice(sampleCustomerPrefix.length);
  return <Link href={`/test?buyer=${slug}#stage`}>{words.t('frame.moveClock')}</Link>;
}
