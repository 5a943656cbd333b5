import type { LogoType } from './logo.ts';

/** A picture a merchant uploaded, under the name in its address. */
export type Upload = { readonly name: string; readonly type: LogoType; readonly bytes: Uint8Array };

/** 5 MB. */
export const maxUploadBytes = 5 * 1_024 * 1_024;

const endings: Readonly<Record<LogoType, string>> = { 'image/png': 'png', 'image/jpeg': 'jpg', 'image/webp': 'webp' };

/** The name of an upload: from a SHA-256 (hex) of whose it is and what it shows, so that nobody guesses it. */
export function uploadName(hash: string, type: LogoType): string {
  return `img-${hash.slice(0, 40)}.${endings[type]}`;
}

/** Reads text as the name of an upload, or null. */
export function readUploadName(text: string): string | null {
  return /^img-[0-9a-f]{40}\.(png|jpg|webp)$/.test(text) ? text : null;
}

/** Where an upload is served, relative to this host. */
export function uploadUrl(name: string): string {
  return `/api/v1/files/${name}`;
}

/**
 * Reads the address of a picture of this host, relative or under its own origin: an upload, or a logo as the portal
 * serves it. Null for any other address.
 */
export function readPictureUrl(
  text: string,
  origin: string,
): { readonly upload: string } | { readonly logoPath: string } | null {
  const path = text.startsWith(`${origin}/`) ? text.slice(origin.length) : text;
  if (/^\/logo\/[0-9a-f]{64}$/.test(path)) return { logoPath: path };
  const upload = readUploadName(/^(?:\/api)?\/v1\/files\/([^/]+)$/.exec(path)?.[1] ?? '');
  return upload === null ? null : { upload };
}
