import { createHash } from 'node:crypto';
import { z } from '@hono/zod-openapi';
import { makeDocumentToken, readDocumentToken } from '@/lib/crypto/document-token.ts';
import type { InvoiceId } from '@/lib/domain/ids.ts';
import { readId } from '@/lib/domain/ids.ts';
import type { Failure } from '@/lib/domain/result.ts';
import { minuteMs } from '@/lib/domain/time.ts';
import type { WorkspaceScope } from '@/lib/domain/viewer.ts';
import { closedPolicy } from '@/lib/html/security-headers.ts';
import type { DocumentWish, MadeDocument } from '@/lib/operations/make-document.ts';
import { makeInvoiceDocument } from '@/lib/operations/make-document.ts';
import type { MerchantCall } from './call.ts';
import { oneOf } from './fields.ts';
import { answerFailure, commonHeaders } from './problem.ts';
import type { AdmittedRequest } from './route.ts';

/** Where a signed address leads; its token stands in the query, which no log keeps. */
export const signedDocumentPath = '/documents/invoice.pdf';

/** How long a signed address is good: long enough to follow a redirect, not to be passed on. */
const addressLifeMs = 5 * minuteMs;

const locale = oneOf('en', 'id').optional();

/** The query of a document: its language, else the customer's own. */
export const documentQuery = z.strictObject({ locale });

/** The query of a paper roll: its width in millimetres as well. */
export const rollQuery = z.strictObject({ locale, width: oneOf('58', '80').optional() });

/** Reads what is wanted from a query that passed. */
export function readWish(
  form: DocumentWish['form'],
  { input }: AdmittedRequest<z.infer<typeof documentQuery> | z.infer<typeof rollQuery>, unknown>,
): DocumentWish {
  const width = 'width' in input && input.width === '58' ? 58 : 80;
  return { form, width, locale: input.locale ?? null };
}

const types = {
  pdf: 'application/pdf',
  html: 'text/html; charset=utf-8',
  escpos: 'application/octet-stream',
} as const;

/** A document as an answer: its own type and name, a page to look at or a file to keep, never stored. */
export function answerMade(call: MerchantCall, { form, bytes, name, styles }: MadeDocument): Response {
  const headers = {
    ...commonHeaders(call),
    'content-type': types[form],
    'content-length': String(bytes.length),
    'content-disposition': disposition(form === 'html' ? 'inline' : 'attachment', `${name}.${form}`),
    ...(styles === null ? {} : { 'content-security-policy': `${closedPolicy}; style-src '${hashOf(styles)}'` }),
  };
  return new Response(call.method === 'HEAD' ? null : (bytes as BodyInit), { headers });
}

/**
 * Content-Disposition by RFC 6266: a name in plain letters for every client, and beside it the real one where that has
 * others.
 */
export function disposition(how: 'inline' | 'attachment', name: string): string {
  const whole = name.replace(/[\p{Cc}\p{Cs}]/gu, '').replace(/[/\\]/g, '-');
  const plain = whole
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[^A-Za-z0-9._ -]/g, '-')
    .slice(-150);
  if (plain === whole) return `${how}; filename="${plain}"`;
  const encoded = encodeURIComponent(whole.slice(-150)).replace(
    /['()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `${how}; filename="${plain}"; filename*=UTF-8''${encoded}`;
}

/** Leads to an invoice's PDF at an address that needs no key and is good for a few minutes. */
export async function leadToPdf(call: MerchantCall, scope: WorkspaceScope, invoiceId: InvoiceId): Promise<Response> {
  const { config, epoch } = call.runtime;
  const { workspaceId, mode } = scope;
  const claims = { workspaceId, mode, invoiceId, epoch, expiresAt: call.now + addressLifeMs };
  const token = await makeDocumentToken(config.rootKeys, claims);
  const location = `${config.origin}/api/v1${signedDocumentPath}?token=${token}`;
  return new Response(null, { status: 302, headers: { ...commonHeaders(call), location } });
}

const unknown: Failure = { code: 'not_found', message: 'This address leads nowhere, or not any more.' };

/** Answers a signed address with the invoice's PDF; what is over, changed or not ours is not found. */
export async function answerSignedDocument(call: MerchantCall): Promise<Response> {
  const { runtime } = call;
  const token = new URLSearchParams(call.rawTarget.split('?', 2)[1] ?? '').get('token') ?? '';
  const claims = await readDocumentToken(runtime.config.rootKeys, token, call.now);
  const workspaceId = readId<'workspace'>(claims?.workspaceId);
  const invoiceId = readId<'invoice'>(claims?.invoiceId);
  const mode = claims?.mode === 'live' || claims?.mode === 'test' ? claims.mode : null;
  if (claims === null || claims.epoch !== runtime.epoch || workspaceId === null || invoiceId === null) {
    return answerFailure(call, unknown);
  }
  if (mode === null || !runtime.config.modes.has(mode)) return answerFailure(call, unknown);
  const wish = { form: 'pdf', width: 80, locale: null } as const;
  const made = await makeInvoiceDocument(runtime, { workspaceId, mode }, invoiceId, wish);
  return made.ok ? answerMade(call, made.value) : answerFailure(call, unknown);
}

function hashOf(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}
