import { draw } from './_page/draw.tsx';
import { portalPage } from './_page/portal-page.tsx';

export const GET = portalPage((page) => draw(page, { title: 'Your billing', current: 'overview', body: <p>…</p> }));
