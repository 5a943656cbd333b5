import { describe, expect, it } from 'vitest';
import type { Certificate } from '@/lib/domain/certificate.ts';
import type { Invoice } from '@/lib/domain/invoice.ts';
import type { Receipt } from '@/lib/domain/receipt.ts';
import { attackTexts } from '@/lib/domain/testing/attack-texts.ts';
import { makeWords } from '@/lib/i18n/words.ts';
import { renderCertificatePdf } from './cancellation-certificate-pdf.ts';
import { renderInvoicePdf } from './invoice-pdf.ts';
import { renderReceiptPdf } from './receipt-pdf.ts';
import { unpack } from './testing/pdf-tools.ts';
import { cleanText } from './text-runs.ts';

const at = Date.UTC(2026, 2, 1, 4, 0, 5);
const words = makeWords('en', 'Asia/Jakarta');
// From five million rupiah on a receipt names its stamp duty.
const sums = { currency: 'IDR', subtotal: 5_000_000, discount: 0, tax: 550_000, total: 5_550_000 } as const;

type Next = (most?: number) => string;

/** Hands out texts from one on, a different one at each call, so that no two fields of a document share theirs. */
function textsFrom(turn: number): { next: Next; used: string[] } {
  const used: string[] = [];
  return {
    used,
    next(most = 60) {
      // A tax id takes 64 characters, a tax label 40.
      const text = (attackTexts[(turn + used.length * 17) % attackTexts.length] ?? '').slice(0, most);
      used.push(text);
      return text;
    },
  };
}

function merchantOf(next: Next) {
  return { name: next(), legalName: next(), address: next(), taxId: next(), country: 'ID' };
}

function billedToOf(next: Next) {
  return { name: null, legalName: next(), email: next(), address: next(), taxId: next() };
}

function linesOf(next: Next) {
  return Array.from({ length: 4 }, () => ({
    description: next(),
    quantity: 1,
    unitAmount: 1_250_000,
    amount: 1_250_000,
  }));
}

const kinds = {
  invoice(next: Next) {
    const receipt = {
      showTax: true,
      taxLabel: next(38),
      taxRateBasisPoints: 1_100,
      thankYouText: null,
      footerText: next(),
      showMerchantAddress: true,
      merchantAddress: null,
      merchantTaxId: null,
    };
    const brand = { logoPath: null, accentColor: '#7A4B2A', email: null, phone: null };
    return renderInvoicePdf({
      words,
      invoice: {
        ...sums,
        mode: 'live',
        status: 'paid',
        amountPaid: sums.total,
        number: next(),
        dueAt: at,
        issuedAt: at,
        createdAt: at,
        periodStart: null,
        periodEnd: null,
        billedTo: billedToOf(next),
      } as unknown as Invoice,
      lines: linesOf(next),
      status: 'Paid',
      brand: { ...brand, ...merchantOf(next), receipt },
      logo: null,
    });
  },
  receipt(next: Next) {
    const merchant = merchantOf(next);
    const template = {
      showTax: true,
      taxLabel: next(38),
      taxRateBasisPoints: 1_100,
      thankYouText: next(),
      footerText: next(),
    };
    return renderReceiptPdf({
      words,
      receipt: {
        mode: 'live',
        number: next(),
        amount: sums.total,
        currency: 'IDR',
        method: { type: 'ewallet', brand: next(), last4: null, label: next() },
        providerReference: next(),
        issuedAt: at,
        body: {
          ...sums,
          invoiceNumber: next(),
          merchant: { ...merchant, brandName: merchant.name },
          customer: billedToOf(next),
          lines: linesOf(next),
          template,
          stampDutyNumber: next(),
        },
      } as unknown as Receipt,
      refunds: [],
      accentColour: '#7A4B2A',
      logo: null,
    });
  },
  certificate(next: Next) {
    const merchant = merchantOf(next);
    return renderCertificatePdf({
      certificate: {
        mode: 'live',
        number: next(),
        hash: 'ab12'.repeat(16),
        issuedAt: at,
        takenBackAt: null,
        body: {
          merchant: { ...merchant, brandName: merchant.name },
          customer: billedToOf(next),
          subscriptionId: 'sub_01KGBNQ1G0E55KRZP28K05WEKM',
          planName: next(),
          quantity: 3,
          declared: 'period_end',
          receivedAt: at,
          timeZone: 'Asia/Jakarta',
          endsAt: Date.UTC(2026, 2, 31, 17),
          owed: null,
          locale: 'en',
        },
      } as unknown as Certificate,
      accentColour: null,
      logo: null,
    });
  },
};

/** What makes a reader act, outside of any text: content streams draw glyphs by number and hold none of them. */
const actions = /\/(JavaScript|JS|URI|Launch|OpenAction|AA|Annots|SubmitForm|EmbeddedFile|RichMedia|XFA)\b/;

const squeezed = (text: string) => text.replace(/\s+/g, '');

describe.each(Object.entries(kinds))('W04 five hundred texts in every field of the %s as a PDF', (kind, render) => {
  it('are drawn as they were written, and none becomes a link, a script or an action', async () => {
    for (let turn = 0; turn < attackTexts.length; turn += 1) {
      const { next, used } = textsFrom(turn);
      const { whole, text } = unpack(await render(next));
      const outside = whole
        .replace(/<\?xpacket[\s\S]*?<\?xpacket end/g, '')
        .replace(/\((?:\\[\s\S]|[^\\()])*\)/g, '()');
      expect(outside, `${kind}, turn ${turn}`).not.toMatch(actions);
      const copied = squeezed(text);
      const missing = used.filter((one) => !copied.includes(squeezed(cleanText(one))));
      expect(missing, `${kind}, turn ${turn}`).toEqual([]);
    }
  }, 300_000);
});
