import type { z } from '@hono/zod-openapi';
import { findCardNumbers } from '@/lib/domain/card-number-fields.ts';
import type { Result } from '@/lib/domain/result.ts';
import { fail, succeed } from '@/lib/domain/result.ts';
import { checkBodyType } from './body.ts';
import { issueWords } from './issue-words.ts';
import { readStrictJson, shorten } from './strict-json.ts';

/** Reads the body of a write by the route's schema. The first thing wrong is told with its field. */
export function readBodyInput<I>(
  schema: z.ZodType<I>,
  headers: Headers,
  body: Uint8Array,
): Result<I, 'validation_error' | 'unsupported_media_type'> {
  const type = checkBodyType(headers, body);
  if (!type.ok) return type;
  const json = readStrictJson(body);
  if (!json.ok) return json;
  const read = readBySchema(schema, json.value, 'body');
  const [card] = read.ok ? findCardNumbers(json.value) : [];
  return card === undefined
    ? read
    : fail('validation_error', `${shorten(card.field)}: ${card.reason}.`, { field: shorten(card.field) });
}

/** Reads the query of a GET by the route's schema. A name may stand once. */
export function readQueryInput<I>(schema: z.ZodType<I>, rawTarget: string): Result<I, 'validation_error'> {
  const at = rawTarget.indexOf('?');
  const query = new URLSearchParams(at < 0 ? '' : rawTarget.slice(at + 1));
  const values = new Map<string, string>();
  for (const [name, value] of query) {
    if (values.has(name)) {
      return fail('validation_error', `${shorten(name)}: stands twice in the address.`, { field: shorten(name) });
    }
    values.set(name, value);
  }
  return readBySchema(schema, Object.fromEntries(values), 'query');
}

function readBySchema<I>(schema: z.ZodType<I>, value: unknown, whole: string): Result<I, 'validation_error'> {
  const read = schema.safeParse(value, { error: issueWords });
  if (read.success) return succeed(read.data);
  const issue = read.error.issues[0];
  const path = issue?.path.map(String) ?? [];
  const unknown = issue?.code === 'unrecognized_keys' ? issue.keys[0] : undefined;
  if (unknown !== undefined) path.push(unknown);
  const field = shorten(path.join('.')) || whole;
  const what = unknown === undefined ? (issue?.message ?? 'is not valid') : 'is not a field here';
  return fail('validation_error', `${field}: ${what}.`, { field });
}
