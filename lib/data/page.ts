import type { RawBuilder } from 'kysely';
import { sql } from 'kysely';
import type { Instant } from '@/lib/domain/time.ts';

/** Which part of a list is wanted: so many rows, in this order, after the row that stands at this instant with this id. */
export type PageWish = {
  readonly limit: number;
  readonly order: 'asc' | 'desc';
  readonly after: { readonly at: Instant; readonly id: string } | null;
};

/** A part of a list, and whether more follows. */
export type Page<T> = { readonly rows: readonly T[]; readonly hasMore: boolean };

/** The rows after the wished position, ordered by `column` and then by id. */
export function isAfter(wish: PageWish, column: string, id = 'id'): RawBuilder<boolean> {
  if (wish.after === null) return sql<boolean>`1 = 1`;
  const { at, id: last } = wish.after;
  const [time, key] = [sql.ref(column), sql.ref(id)];
  return wish.order === 'desc'
    ? sql<boolean>`(${time}, ${key}) < (${at}, ${last})`
    : sql<boolean>`(${time}, ${key}) > (${at}, ${last})`;
}

/** Cuts what was read with a limit of one more than wished. */
export function cutPage<R, T>(wish: PageWish, rows: readonly R[], toValue: (row: R) => T): Page<T> {
  return { rows: rows.slice(0, wish.limit).map(toValue), hasMore: rows.length > wish.limit };
}
