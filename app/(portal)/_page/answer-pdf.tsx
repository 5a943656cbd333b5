import { ButtonLink } from '@/components/ui/button.tsx';
import { findLogo } from '@/lib/data/workspaces.ts';
import { renderInTurn } from '@/lib/documents/render-in-turn.ts';
import { answerFile } from '@/lib/html/answer.ts';
import { readLocale } from '@/lib/i18n/locale.ts';
import { makeWords, type Words } from '@/lib/i18n/words.ts';
import { errorFields } from '@/lib/log.ts';
import { draw, type Page } from './draw.tsx';

/**
 * Did another site ask for this file? A download is private: it starts from our own pages, a bookmark or the address
 * bar. Browsers that do not say where a request comes from are let through; they need the cookie all the same.
 */
export function isForeignDownload(request: Request): boolean {
  const site = request.headers.get('sec-fetch-site');
  return site === 'cross-site' || site === 'same-site';
}

/** Answers a download that another site asked for: nothing is looked up, and the page to start it from is named. */
export function refuseForeignDownload(page: Page, place: string): Promise<Response> {
  const { t } = page.words;
  return draw(page, {
    title: t('common.originRefusedTitle'),
    status: 403,
    body: (
      <div className="mt-4 space-y-4">
        <p>{t('documents.foreign')}</p>
        <ButtonLink href={place}>{t('common.openPageAgain')}</ButtonLink>
      </div>
    ),
  });
}

/** Renders a document and answers it as a file of our own naming; a failure answers a page, never a broken file. */
export async function answerPdf(
  page: Page,
  name: string,
  place: string,
  render: () => Promise<Uint8Array>,
): Promise<Response> {
  try {
    return answerFile(await renderInTurn(render), 'application/pdf', `${name.slice(0, 100)}.pdf`);
  } catch (thrown) {
    page.on.log('error', 'document.failed', { requestId: page.requestId, route: page.path, ...errorFields(thrown) });
    const { t } = page.words;
    return draw(page, {
      title: t('documents.failedTitle'),
      status: 500,
      body: (
        <div className="mt-4 space-y-4">
          <p>{t('documents.failed', { ref: page.requestId.slice(-8) })}</p>
          <ButtonLink href={page.path} look="main">
            {t('common.tryAgain')}
          </ButtonLink>{' '}
          <ButtonLink href={place}>{t('common.openPageAgain')}</ButtonLink>
        </div>
      ),
    });
  }
}

/** The words of a document: in the customer's own language where it is known, else in that of the page. */
export function documentWords(page: Page): Words {
  const locale = readLocale(page.customer.metadata?.locale) ?? page.words.locale;
  return makeWords(locale, page.words.zone);
}

/** The bytes of the workspace's logo, or null. */
export async function readLogoBytes({ on, workspace }: Page): Promise<Uint8Array | null> {
  const hash = workspace.brand.logoPath?.split('/').at(-1);
  return hash === undefined ? null : ((await findLogo(on.read, hash))?.bytes ?? null);
}
