import { z } from '@hono/zod-openapi';
import { emailText } from './fields.ts';

/** Where a document is mailed to. */
export const mailOrder = z
  .strictObject({ to: emailText.nullable().optional().openapi({ description: "Absent: the customer's address" }) })
  .openapi('MailOrder');

/** What a route says that has queued a mail. */
export const mailAnswer = z.object({ sent: z.literal(true), to: z.string() }).openapi('Mailed');

/** The answer of such a route. */
export function wireMailed({ to }: { readonly to: string }): { readonly sent: true; readonly to: string } {
  return { sent: true, to };
}
