import { portalPage } from '@/app/(portal)/_page/portal-page.tsx';
import { drawReceipt } from './_components/receipt-page.tsx';

/** Proof of one payment, every figure and name as it was frozen. */
export const GET = portalPage((page) => drawReceipt(page));
