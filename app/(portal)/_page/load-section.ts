import { errorFields } from '@/lib/log.ts';
import type { Page } from './draw.tsx';

/** A part of a page that was read, or could not be. */
export type Loaded<T> = { readonly ok: true; readonly value: T } | { readonly ok: false };

/** Reads what one section of a page shows. A failure stays in that section; it is logged and the rest is drawn. */
export async function loadSection<T>(page: Page, read: () => Promise<T>): Promise<Loaded<T>> {
  try {
    return { ok: true, value: await read() };
  } catch (thrown) {
    page.on.log('error', 'section.failed', { requestId: page.requestId, route: page.path, ...errorFields(thrown) });
    return { ok: false };
  }
}
