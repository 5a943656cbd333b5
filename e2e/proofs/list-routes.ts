import { readdirSync } from 'node:fs';
import path from 'node:path';

/** One address of the product as its folder names it: `/invoices/[invoiceId]/pdf` is three parts. */
export type RoutePattern = { readonly name: string; readonly parts: readonly string[] };

/** Every address that app/ answers, from the folders themselves, so that a new one is never left out. */
export function listRoutes(): RoutePattern[] {
  const root = path.resolve(import.meta.dirname, '../../app');
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' });
  const names = files
    .filter((file) => /(^|\/)(route|page)\.tsx?$/.test(file) && !/(^|\/)_/.test(file))
    .map((file) =>
      file
        .split('/')
        .slice(0, -1)
        .filter((part) => !/^\(.*\)$/.test(part)),
    );
  return names
    .map((parts) => ({ name: `/${parts.join('/')}`, parts }))
    .sort((one, other) => one.name.localeCompare(other.name));
}
