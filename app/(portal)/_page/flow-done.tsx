import { BackLink } from '@/components/portal/back-link.tsx';
import type { Page } from './draw.tsx';

/** What a flow was for is done: the merchant's own line, and the way back as the main button. */
export function FlowDone({ page }: { page: Page }) {
  // The page of a cancellation that is done ends with the way back by itself.
  const hasWayBack = page.path.endsWith('/cancel');
  return (
    <div className="mt-4 space-y-3">
      {page.done === null ? null : <FlowMessage page={page} />}
      {hasWayBack ? null : <BackLink words={page.words} back={page.back} look="button" />}
    </div>
  );
}

/** The line a merchant gave along for the end of its flow. */
export function FlowMessage({ page }: { page: Page }) {
  const message = page.session.flow?.message ?? null;
  return message === null ? null : <p>{message}</p>;
}
