import type { Binding } from '@/lib/domain/browser-session.ts';

/**
 * The one place where a browser session is offered a key. Today no key store is offered, so a session is settled at once
 * as unbound, with the shorter life and the ten-minute rule for sensitive acts that go with it.
 */
export const firstBinding: Binding | null = 'none';

/** Headers of the answer to a burn that invite the browser to register a key; none today. */
export function bindingOffer(): Readonly<Record<string, string>> {
  return {};
}
