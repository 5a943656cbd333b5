import { Notice } from '@/components/ui/notice.tsx';
import type { Page } from './draw.tsx';

/** Under the button of a sensitive act: until when it is possible here. Nothing where it is not possible any more. */
export function ProofLine({ page }: { page: Page }) {
  if (page.proofUntil === null) return null;
  return (
    <p className="num mt-2 text-quiet">
      {page.words.t('common.proofUntil', { time: page.words.time(page.proofUntil) })}
    </p>
  );
}

/** Before the choices of a sensitive act that is not possible here: why not, and how it will be. */
export function ProofWarning({ page }: { page: Page }) {
  if (page.proofMissing === null) return null;
  return (
    <div className="my-2">
      <Notice tone="amber">
        <p>{missingProofText(page, page.proofMissing)}</p>
      </Notice>
    </div>
  );
}

/** Why a sensitive act needs a new entry. */
export function missingProofText({ words, back }: Page, missing: NonNullable<Page['proofMissing']>): string {
  const { host } = back;
  return words.t(missing === 'contested' ? 'common.proofContested' : 'common.proofText', { host });
}
