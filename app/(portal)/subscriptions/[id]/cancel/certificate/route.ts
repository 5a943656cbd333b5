import { portalPage } from '@/app/(portal)/_page/portal-page.tsx';
import { answerTrouble } from '@/app/(portal)/_page/trouble.tsx';
import { findCertificate } from '@/lib/data/cancellation-certificates.ts';
import { findLogo } from '@/lib/data/workspaces.ts';
import { renderCertificatePdf } from '@/lib/documents/cancellation-certificate-pdf.ts';
import { readId } from '@/lib/domain/ids.ts';
import { answerFile } from '@/lib/html/answer.ts';

/** The newest certificate of a subscription as a PDF; no setting of the workspace hides it. */
export const GET = portalPage(async (page) => {
  const { on, viewer, workspace } = page;
  const id = readId<'subscription'>(page.params.id);
  const certificate = id === null ? null : await findCertificate(on.read, viewer, id);
  if (certificate === null) return answerTrouble(page, { code: 'not_found', message: 'No such certificate.' });
  const { logoPath, accentColor } = workspace.brand;
  const logo = logoPath === null ? null : await findLogo(on.read, logoPath.slice(logoPath.lastIndexOf('/') + 1));
  const bytes = await renderCertificatePdf({ certificate, accentColour: accentColor, logo: logo?.bytes ?? null });
  return answerFile(bytes, 'application/pdf', `${certificate.number}.pdf`);
});
