import { fitAccent } from '@/lib/domain/colour.ts';
import type { Workspace } from '@/lib/domain/workspace.ts';

/** The portal's own accent, where a workspace has none. */
const ownAccent = '#0f5c4d';

/**
 * The ground of each scheme on which the accent is hardest to read: the darkest of the light ones, the lightest of the
 * dark ones. Links stand on pages, cards and notices alike; what can be read there can be read on all.
 */
const grounds = { light: '#fdecea', dark: '#372a14' } as const;

const corners = { sharp: '2px', soft: '8px', round: '16px' } as const;

/** A workspace's colours and corners as a small stylesheet; only checked values reach it, never merchant text. */
export function themeStyles(workspace: Pick<Workspace, 'brand' | 'configuration'> | null): string {
  const accent = workspace?.brand.accentColor ?? ownAccent;
  const { scheme, corners: corner } = workspace?.configuration.theme ?? { scheme: 'auto', corners: 'soft' };
  const light = `${accentVariables(accent, grounds.light)}--corner:${corners[corner]}`;
  const dark = accentVariables(accent, grounds.dark);
  if (scheme === 'light') return `:root{color-scheme:light;${light}}`;
  if (scheme === 'dark') return `:root{color-scheme:dark;${light};${dark}}`;
  return `:root{color-scheme:light dark;${light}}@media(prefers-color-scheme:dark){:root{${dark}}}`;
}

function accentVariables(accent: string, ground: string): string {
  const fitted = fitAccent(accent, ground);
  return `--accent:${fitted.surface};--accent-ink:${fitted.ink};--accent-text:${fitted.text};`;
}
