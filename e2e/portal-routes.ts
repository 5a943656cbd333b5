import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** What an address of the portal names: the noun before the id in it. */
export type Noun = 'invoices' | 'receipts' | 'subscriptions' | 'payment-methods';

export type PortalRoute = {
  /** Such as `/invoices/{id}/pdf`. */
  readonly pattern: string;
  /** Null where the address names no object. */
  readonly noun: Noun | null;
  readonly methods: readonly ('GET' | 'POST')[];
};

const root = path.resolve(import.meta.dirname, '../app/(portal)');
const testRoot = path.resolve(import.meta.dirname, '../app/(test-mode)');
const nouns: readonly Noun[] = ['invoices', 'receipts', 'subscriptions', 'payment-methods'];

/** Every address of the portal, as the folders have them: a new route is in every matrix by itself. */
export function listPortalRoutes(): PortalRoute[] {
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((file) => /(^|\/)route\.tsx?$/.test(file) && !file.includes('[...'))
    .map((file) => {
      const parts = path
        .dirname(file)
        .split('/')
        .filter((part) => part !== '.' && !part.startsWith('('));
      const source = readFileSync(path.join(root, file), 'utf8');
      return {
        pattern: `/${parts.map((part) => (part.startsWith('[') ? '{id}' : part)).join('/')}`,
        noun: parts.some((part) => part.startsWith('[')) ? (nouns.find((noun) => noun === parts[0]) ?? null) : null,
        methods: (['GET', 'POST'] as const).filter((name) =>
          new RegExp(`export (const|(async )?function) ${name}\\b|export \\{[^}]*\\b${name}\\b`).test(source),
        ),
      };
    })
    .sort((one, other) => one.pattern.localeCompare(other.pattern, 'en'));
}

/** Addresses of the test tools and of the simulated provider, with an id of no object in them. */
export function listTestRoutes(): string[] {
  return readdirSync(testRoot, { recursive: true, encoding: 'utf8' })
    .filter((file) => /(^|\/)route\.tsx?$/.test(file))
    .map((file) => `/${path.dirname(file).replace(/\[[^\]]*\]/g, 'unknown')}`);
}
