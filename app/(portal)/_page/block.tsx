import type { ReactNode } from 'react';
import { SectionFailed } from '@/components/portal/section-failed.tsx';
import type { Page } from './draw.tsx';
import { loadSection } from './load-section.ts';

/** Draws one part of a page. When what it shows cannot be read, only that part says so; `section` names it in words. */
export async function block(page: Page, section: string, drawPart: () => Promise<ReactNode>): Promise<ReactNode> {
  const loaded = await loadSection(page, drawPart);
  if (loaded.ok) return loaded.value;
  return (
    <div className="mt-8">
      <SectionFailed words={page.words} section={section} here={page.path} requestId={page.requestId} />
    </div>
  );
}
