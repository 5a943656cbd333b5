import { Overview } from './_overview/overview.tsx';
import { draw } from './_page/draw.tsx';
import { portalPage } from './_page/portal-page.tsx';

export const GET = portalPage(async (page) =>
  draw(page, { title: page.words.t('overview.title'), current: 'overview', body: await Overview(page) }),
);
