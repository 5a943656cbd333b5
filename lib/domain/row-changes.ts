import { canonicalJson } from './canonical-json.ts';
import type { Instant } from './time.ts';

/** Columns of a row that differ from what is stored. Time stamps and sealed text are no content; absent is null. */
export function changedColumns(before: object, after: object): string[] {
  const stored = new Map(Object.entries(before));
  return Object.entries(after)
    .filter(([name, value]) => !ignored.has(name) && (stored.get(name) ?? null) !== (value ?? null))
    .map(([name]) => name);
}

const ignored: ReadonlySet<string> = new Set(['createdAt', 'updatedAt', 'providerRefSealed']);

/** Names of the given fields whose value differs from what stands; absent ones are no change. The order of keys is none. */
export function changedFields(before: object, changes: object): string[] {
  const stands = new Map(Object.entries(before));
  return Object.entries(changes)
    .filter(([name, value]) => value !== undefined && canonicalJson(value) !== canonicalJson(stands.get(name) ?? null))
    .map(([name]) => name);
}

/** Was the stored row changed after this one was written? Rows without `updatedAt` never were. */
export function isOlder(before: object, after: object): boolean {
  const [stored, given] = [stampOf(before), stampOf(after)];
  return stored !== null && given !== null && given < stored;
}

/** The named columns of a row. */
export function pickColumns(row: object, names: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(Object.entries(row).filter(([name]) => names.includes(name)));
}

function stampOf(value: object): Instant | null {
  return 'updatedAt' in value && typeof value.updatedAt === 'number' ? value.updatedAt : null;
}
