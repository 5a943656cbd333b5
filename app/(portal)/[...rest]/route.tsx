import { portalPage } from '@/app/(portal)/_page/portal-page.tsx';
import { answerTrouble } from '@/app/(portal)/_page/trouble.tsx';

/** Every address that is not ours: the same "we can't find that" as for a foreign or unknown object. */
export const GET = portalPage((page) => answerTrouble(page, { code: 'not_found', message: 'There is no such page.' }));
