import {
  answerPdf,
  isForeignDownload,
  readLogoBytes,
  refuseForeignDownload,
} from '@/app/(portal)/_page/answer-pdf.tsx';
import { portalPage } from '@/app/(portal)/_page/portal-page.tsx';
import { answerTrouble } from '@/app/(portal)/_page/trouble.tsx';
import { findCertificate } from '@/lib/data/cancellation-certificates.ts';
import { renderCertificatePdf } from '@/lib/documents/cancellation-certificate-pdf.ts';
import { readId } from '@/lib/domain/ids.ts';

/** The newest certificate of a subscription as a PDF; no setting of the workspace hides it. */
export const GET = portalPage(async (page) => {
  const { on, viewer, workspace } = page;
  if (isForeignDownload(page.request)) return refuseForeignDownload(page, '/');
  const id = readId<'subscription'>(page.params.id);
  const certificate = id === null ? null : await findCertificate(on.read, viewer, id);
  if (certificate === null) return answerTrouble(page, { code: 'not_found', message: 'No such certificate.' });
  return answerPdf(page, certificate.number, `/subscriptions/${certificate.subscriptionId}/cancel`, async () =>
    renderCertificatePdf({
      certificate,
      accentColour: workspace.brand.accentColor,
      logo: await readLogoBytes(page),
    }),
  );
});
