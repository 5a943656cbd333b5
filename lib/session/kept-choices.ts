import type { BrowserSession } from '@/lib/domain/browser-session.ts';
import type { CustomerId } from '@/lib/domain/ids.ts';
import type { Runtime } from '@/lib/runtime.ts';
import { readCookie, readSealedCookie, writeSealedCookie } from './cookie.ts';

/**
 * A Set-Cookie that keeps the choices of a form that could not be carried out, for the next entry of the same customer
 * in this browser, 30 minutes. Choices hold no secrets; what does not fit in 2,000 characters is not kept.
 */
export async function keepChoices(
  on: Pick<Runtime, 'config'>,
  customerId: CustomerId,
  path: string,
  form: URLSearchParams,
): Promise<string> {
  const fields = new URLSearchParams(form);
  fields.delete('form');
  const text = fields.toString();
  return writeSealedCookie(on, 'kept', { customer: customerId, path, fields: text.length <= 2_000 ? text : '' });
}

/** Choices kept for this customer at this path from before this entry, or null. */
export async function readKeptChoices(
  on: Pick<Runtime, 'config' | 'log'>,
  request: Request,
  session: Pick<BrowserSession, 'customerId'>,
  path: string,
): Promise<URLSearchParams | null> {
  if (readCookie(request, 'kept') === null) return null;
  const kept = await readSealedCookie(on, request, 'kept');
  if (kept.customer !== session.customerId || kept.path !== path || typeof kept.fields !== 'string') return null;
  return new URLSearchParams(kept.fields);
}
