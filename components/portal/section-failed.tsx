import { Link } from '@/components/ui/link.tsx';
import { Notice } from '@/components/ui/notice.tsx';
import type { Words } from '@/lib/i18n/words.ts';

/** Stands where one section could not be read: what, that nothing changed, and how to try again. */
export function SectionFailed({
  words,
  section,
  here,
  requestId,
}: {
  words: Words;
  /** What could not be loaded, in words ("the lines"). */
  section: string;
  /** Path and query of this page. */
  here: string;
  requestId: string;
}) {
  const { t } = words;
  return (
    <Notice tone="amber">
      <p>{t('common.sectionFailed', { section })}</p>
      <p className="flex flex-wrap gap-x-4">
        <Link href={here}>{t('common.tryAgain')}</Link>
        <span className="py-2.5 text-quiet">{t('common.reference', { ref: requestId.slice(-8) })}</span>
      </p>
    </Notice>
  );
}
