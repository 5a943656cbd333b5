import type { SampleBuyer } from '@/app/(test-mode)/test/_sample/sample-buyers.ts';
import { findSampleBuyer } from '@/app/(test-mode)/test/_sample/sample-buyers.ts';
import type { MerchantAct } from '@/lib/domain/merchant-act.ts';
import { answerEmpty } from '@/lib/html/answer.ts';
import type { Runtime } from '@/lib/runtime.ts';
import { runtime } from '@/lib/runtime.ts';
import { readForm } from '@/lib/session/form.ts';
import { isSameOrigin } from '@/lib/session/same-origin.ts';

/** Who acts in the forms of the test tools, for the audit log. */
export const byTestTools: MerchantAct = { keyName: 'test-tools', requestId: 'test-tools', idempotencyKey: null };

/** A page of the test tools: 404 on every host that has not switched them on. */
export function testPage(draw: (on: Runtime, request: Request) => Promise<Response>) {
  return async (request: Request): Promise<Response> => {
    const on = await runtime();
    return on.config.testTools ? draw(on, request) : answerEmpty(404);
  };
}

/** A form of the test tools: 404 like the pages, 403 unless a page of ours sent it. */
export function testAct(act: (on: Runtime, form: URLSearchParams, request: Request) => Promise<Response>) {
  return testPage(async (on, request) => {
    if (!isSameOrigin(request, on.config.origin)) return answerEmpty(403);
    const form = await readForm(request, 8_192);
    return form.ok ? act(on, form.value, request) : answerEmpty(400);
  });
}

/** GET of an address that takes forms alone: 404 where the tools are off, as if nothing were there. */
export const formsOnly = testPage(async () => answerEmpty(405, { Allow: 'POST' }));

/** The sample buyer a form or an address names; the first one where it names none. */
export function buyerOf(fields: URLSearchParams): SampleBuyer | null {
  return findSampleBuyer(fields.get('buyer') ?? 'active');
}
