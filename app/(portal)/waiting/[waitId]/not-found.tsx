import { PlainPage } from '@/components/portal/plain-page.tsx';
import { ButtonLink } from '@/components/ui/button.tsx';
import { findPagePresence } from '@/lib/session/page-presence.ts';

/** Nothing of this buyer waits under that address: the same words as for any unknown object. */
export default async function NotFound() {
  const { presence, words } = await findPagePresence();
  return (
    <PlainPage
      words={words}
      title={words.t('common.notFoundTitle')}
      test={presence.state === 'live' && presence.workspace.mode === 'test'}
      here={null}
    >
      <title>{words.t('common.error', { title: words.t('common.notFoundTitle') })}</title>
      <p>{words.t('common.notFoundText')}</p>
      <ButtonLink href="/">{words.t('common.overview')}</ButtonLink>
    </PlainPage>
  );
}
