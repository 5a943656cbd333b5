import type { Result } from '@/lib/domain/result.ts';
import { fail, succeed } from '@/lib/domain/result.ts';

const maxDepth = 20;
const refusedNames = new Set(['__proto__', 'constructor', 'prototype']);

/**
 * Reads a body as JSON in UTF-8 without a byte order mark. Names that repeat within an object, names that reach for a
 * prototype and more than 20 levels are refused, with the name as `field`. An empty body is `{}`.
 */
export function readStrictJson(body: Uint8Array): Result<unknown, 'validation_error'> {
  if (body.length === 0) return succeed({});
  if (body[0] === 0xef && body[1] === 0xbb && body[2] === 0xbf) return refuse('starts with a byte order mark');
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body);
  } catch {
    return refuse('is not UTF-8');
  }
  if (isTooDeep(text)) return refuse(`is nested more than ${maxDepth} levels deep`);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return refuse('is not valid JSON');
  }
  const refusal = findRefusedName(text);
  return refusal === null ? succeed(value) : fail('validation_error', refusal.message, { field: refusal.name });
}

function refuse(what: string) {
  return fail('validation_error', `The body ${what}.`, { field: 'body' });
}

/** Counts brackets outside strings; serves broken JSON as well, so that nothing deep ever reaches a parser. */
function isTooDeep(text: string): boolean {
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    const sign = text[at];
    if (sign === '"') at = endOfString(text, at);
    else if (sign === '{' || sign === '[') depth += 1;
    else if (sign === '}' || sign === ']') depth -= 1;
    if (depth > maxDepth) return true;
  }
  return false;
}

/** The first name of valid JSON that repeats in its object or reaches for a prototype. */
function findRefusedName(text: string): { name: string; message: string } | null {
  const open: Set<string>[] = [];
  const colon = /\s*:/y;
  for (let at = 0; at < text.length; at += 1) {
    const sign = text[at];
    if (sign === '{' || sign === '[') open.push(new Set());
    else if (sign === '}' || sign === ']') open.pop();
    if (sign !== '"') continue;
    const end = endOfString(text, at);
    colon.lastIndex = end + 1;
    if (colon.test(text)) {
      const name = String(JSON.parse(text.slice(at, end + 1)));
      const names = open.at(-1);
      if (names?.has(name) === true) return { name: shorten(name), message: `"${shorten(name)}" stands twice.` };
      if (refusedNames.has(name)) return { name, message: `"${name}" is not allowed as a name.` };
      names?.add(name);
    }
    at = end;
  }
  return null;
}

/** Where the string that begins at `start` has its closing quote; the end of the text when it has none. */
function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at += 1) {
    if (text[at] === '\\') at += 1;
    else if (text[at] === '"') return at;
  }
  return text.length;
}

/** A name as an answer may repeat it. */
export function shorten(name: string): string {
  return name.length > 64 ? `${name.slice(0, 64)}…` : name;
}
