import { z } from '@hono/zod-openapi';
import type { Page, PageWish } from '@/lib/data/page.ts';
import type { Result } from '@/lib/domain/result.ts';
import { fail, succeed } from '@/lib/domain/result.ts';
import type { Instant } from '@/lib/domain/time.ts';
import { readIsoText } from '@/lib/domain/time.ts';

/** A page of a list on its way to the wire: its rows, and where the next page begins. */
export type ListPage<T> = { readonly rows: readonly T[]; readonly limit: number; readonly nextCursor: string | null };

const limitText = z
  .string()
  .regex(/^[1-9]\d{0,8}$/, 'must be a whole number from 1 to 100')
  .transform((text) => Math.min(100, Number(text)))
  .openapi({ type: 'integer', description: '1 to 100, default 50; more is read as 100' });

const orderText = z.enum(['asc', 'desc'], { error: 'must be asc or desc' });

/** A bound of time in a query: ISO 8601 with a zone, or epoch seconds. */
export const timeText = z
  .string()
  .transform((text, context): Instant => {
    const seconds = /^\d{1,10}$/.test(text) ? Number(text) * 1_000 : readIsoText(text);
    if (seconds !== null) return seconds;
    context.addIssue({ code: 'custom', message: 'must be a time such as 2026-03-03T08:00:00Z, or epoch seconds' });
    return z.NEVER;
  })
  .openapi({ type: 'string', format: 'date-time' });

/** A text in a query that must not be empty. */
export const filterText = z.string().min(1, 'must not be empty').max(320, 'is too long');

/** The query every paged list takes; a list adds its filters with `.extend`. */
export const pageQuery = z.strictObject({
  limit: limitText.optional(),
  cursor: z.string().max(1_000, 'is not a cursor of this list').optional(),
  order: orderText.optional(),
  direction: orderText.optional(),
});

type PageQuery = z.infer<typeof pageQuery>;

/**
 * Reads which page is wanted. The cursor carries the order and the filters it was made with; with others it is refused,
 * so that no row is skipped or shown twice.
 */
export function readPageWish(query: PageQuery): Result<PageWish, 'validation_error'> {
  const limit = query.limit ?? 50;
  const order = query.order ?? query.direction ?? 'desc';
  if (query.cursor === undefined) return succeed({ limit, order, after: null });
  const read = readCursor(query.cursor);
  if (read === null) return fail('validation_error', 'cursor: is not a cursor of this list.', { field: 'cursor' });
  if (read.filters !== filtersOf(query) || read.order !== order) {
    const message = 'cursor: belongs to other filters or another order; keep them the same between pages.';
    return fail('validation_error', message, { field: 'cursor' });
  }
  return succeed({ limit, order, after: { at: read.at, id: read.id } });
}

/** Makes the page of what was read. `placeOf` says where a row stands: the instant the list is ordered by, and its id. */
export function toListPage<T>(
  query: PageQuery,
  wish: PageWish,
  page: Page<T>,
  placeOf: (row: T) => { at: Instant; id: string },
): ListPage<T> {
  const last = page.rows.at(-1);
  const nextCursor =
    page.hasMore && last !== undefined
      ? makeCursor({ ...placeOf(last), order: wish.order, filters: filtersOf(query) })
      : null;
  return { rows: page.rows, limit: wish.limit, nextCursor };
}

/** What `meta` says of a page, in both published forms. */
export function pageMeta({ limit, nextCursor }: ListPage<unknown>): Readonly<Record<string, unknown>> {
  const hasMore = nextCursor !== null;
  return { cursor: nextCursor, hasMore, page: { limit, hasMore, nextCursor } };
}

type Cursor = { readonly at: Instant; readonly id: string; readonly order: 'asc' | 'desc'; readonly filters: string };

function makeCursor({ at, id, order, filters }: Cursor): string {
  return `cur_${Buffer.from(JSON.stringify([at, id, order, filters])).toString('base64url')}`;
}

function readCursor(text: string): Cursor | null {
  const match = /^cur_([A-Za-z0-9_-]+)$/.exec(text);
  if (match === null) return null;
  let parts: unknown;
  try {
    parts = JSON.parse(Buffer.from(match[1] ?? '', 'base64url').toString());
  } catch {
    return null;
  }
  const read = cursorParts.safeParse(parts);
  if (!read.success) return null;
  const [at, id, order, filters] = read.data;
  return { at, id, order, filters };
}

const cursorParts = z.tuple([
  z.int().min(0),
  z.string().regex(/^[A-Za-z0-9_-]{1,64}$/),
  z.enum(['asc', 'desc']),
  z.string().max(600),
]);

/** The filters of a query as one text, the same whatever their order in the address. */
function filtersOf({
  limit: _limit,
  cursor: _cursor,
  order: _order,
  direction: _direction,
  ...filters
}: PageQuery): string {
  const given = Object.entries(filters).filter(([, value]) => value !== undefined);
  return JSON.stringify(given.sort(([one], [other]) => (one < other ? -1 : 1)));
}
