import { sealData, unsealData } from 'iron-session';
import { deriveKey, type RootKeys } from './secret.ts';

/** Seals a small value into a cookie's text (iron seal under the newest key), good for `ttlSeconds`. */
export async function sealCookie(
  roots: RootKeys,
  value: Readonly<Record<string, unknown>>,
  ttlSeconds: number,
): Promise<string> {
  return sealData(value, { password: passwordsOf(roots), ttl: ttlSeconds });
}

/** Opens a sealed cookie; an empty object when it is old, changed, or under a key that is gone. Never throws. */
export async function openCookie(
  roots: RootKeys,
  seal: string,
  ttlSeconds: number,
  onRefused: (reason: string) => void,
): Promise<Readonly<Record<string, unknown>>> {
  return unsealData<Record<string, unknown>>(seal, {
    password: passwordsOf(roots),
    ttl: ttlSeconds,
    onUnsealError: (reason) => onRefused(reason),
  });
}

const passwordMaps = new WeakMap<RootKeys, Record<string, string>>();

function passwordsOf(roots: RootKeys): Record<string, string> {
  const known = passwordMaps.get(roots);
  if (known !== undefined) return known;
  const made: Record<string, string> = {};
  for (const number of roots.keys()) {
    const key = deriveKey(roots, number, 'cookie');
    if (key !== null) made[number] = Buffer.from(key).toString('base64url');
  }
  passwordMaps.set(roots, made);
  return made;
}
