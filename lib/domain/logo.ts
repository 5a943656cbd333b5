/** The picture types a logo may have; SVG is left out because it can carry script. */
export type LogoType = 'image/png' | 'image/jpeg' | 'image/webp';

/** 512 KiB. */
export const maxLogoBytes = 524_288;

/** What the first bytes of a file say it is, whatever its name says; null for anything that is not a picture we serve. */
export function readLogoType(bytes: Uint8Array): LogoType | null {
  if (startsWith(bytes, [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])) return 'image/png';
  if (startsWith(bytes, [0xff, 0xd8, 0xff])) return 'image/jpeg';
  if (startsWith(bytes, [0x52, 0x49, 0x46, 0x46]) && startsWith(bytes.subarray(8), [0x57, 0x45, 0x42, 0x50])) {
    return 'image/webp';
  }
  return null;
}

function startsWith(bytes: Uint8Array, signature: readonly number[]): boolean {
  return signature.every((byte, at) => bytes[at] === byte);
}
