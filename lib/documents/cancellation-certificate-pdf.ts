import type { Certificate } from '@/lib/domain/certificate.ts';
import type { Words } from '@/lib/i18n/words.ts';
import { makeWords } from '@/lib/i18n/words.ts';
import { drawFacts, drawHead, drawNote, drawParties, type Letterhead } from './parts.ts';
import { Sheet } from './sheet.ts';

export type CertificateDocument = Letterhead & { readonly certificate: Certificate };

/**
 * The proof of a cancellation as a tagged PDF, in the language and zone it was issued in. The same value gives the same
 * bytes; an undo adds a line and changes nothing else.
 */
export async function renderCertificatePdf(document: CertificateDocument): Promise<Uint8Array> {
  const { certificate } = document;
  const { body } = certificate;
  const words = makeWords(body.locale, body.timeZone);
  const { t } = words;
  const isTest = certificate.mode === 'test';
  const title = t('documents.titled', { kind: t('documents.certificate'), number: certificate.number });
  const sheet = new Sheet({
    words,
    title,
    made: certificate.issuedAt,
    accentColour: document.accentColour,
    isTest,
    footer: `${body.merchant.brandName} · ${title}`,
  });
  drawHead(sheet, {
    brandName: body.merchant.brandName,
    logo: document.logo,
    kind: t('documents.certificate'),
    number: certificate.number,
    isTest,
  });
  if (certificate.takenBackAt !== null) {
    const { takenBackAt } = certificate;
    drawNote(sheet, t('documents.takenBack', { date: words.date(takenBackAt) }), [
      t('documents.takenBackText', { when: words.when(takenBackAt) }),
    ]);
  }
  drawParties(
    sheet,
    { title: t('documents.merchant'), merchant: body.merchant },
    { title: t('documents.buyer'), customer: body.customer },
  );
  const plan =
    body.quantity === 1 ? body.planName : t('documents.planQuantity', { plan: body.planName, n: body.quantity });
  const declared = body.declared === 'now' ? 'documents.declaredNow' : 'documents.declaredPeriodEnd';
  drawFacts(sheet, [
    [t('documents.number'), certificate.number],
    [t('documents.subscription'), `${plan}\n${body.subscriptionId}`],
    [t('documents.declared'), t(declared, { plan: body.planName })],
    [t('documents.received'), momentText(words, body.receivedAt)],
    [t(body.endsAt <= body.receivedAt ? 'documents.ended' : 'documents.ends'), endText(words, body.endsAt)],
    [t('documents.owed'), owedText(words, certificate)],
    [t('documents.hash'), certificate.hash],
  ]);
  drawNote(sheet, null, [t('documents.hashText', { merchant: body.merchant.brandName })], { size: 9 });
  return sheet.finish();
}

function momentText(words: Words, instant: number): string {
  return words.t('documents.dateTimeZone', {
    date: words.date(instant),
    time: words.time(instant),
    zone: words.zoneName(instant),
  });
}

/** The effective end as the screen says it, with its zone. */
function endText(words: Words, instant: number): string {
  return `${words.whenFirst(instant)}, ${words.zoneName(instant)}`;
}

function owedText(words: Words, { body }: Certificate): string {
  if (body.owed === null) return words.t('documents.owedNothing');
  const amount = words.money(body.owed);
  return body.owed.terms === 'stop_collection'
    ? words.t('documents.owedStop', { amount, merchant: body.merchant.brandName })
    : words.t('documents.owedKeep', { amount });
}
