import { readStrictJson } from '@/lib/api/strict-json.ts';
import type { BillingRecord, RecordProblem } from '@/lib/domain/billing-record.ts';
import { readBillingRecord } from './billing-line-schema.ts';

/** One line of an import file: its number (from 1) and the record in it, or what is wrong with it. */
export type ReadLine =
  | { readonly line: number; readonly ok: true; readonly record: BillingRecord }
  | { readonly line: number; readonly ok: false; readonly problems: readonly RecordProblem[] };

/** 256 KiB, as for a body of the merchant API. */
export const maxLineBytes = 262_144;

/**
 * Reads JSON lines from bytes as they come, holding one line at a time. Empty lines are passed over. A line that is too
 * long, no UTF-8, no JSON object or of another shape is yielded with its problems; nothing here throws for its content.
 */
export async function* readBillingLines(
  bytes: AsyncIterable<Uint8Array>,
  workspaceId: string,
): AsyncGenerator<ReadLine, void, undefined> {
  let line = 0;
  for await (const raw of splitLines(bytes)) {
    line += 1;
    const read = raw === null ? tooLong : readLine(raw, workspaceId, line === 1);
    if (read !== null) yield { line, ...read };
  }
}

type Read = { ok: true; record: BillingRecord } | { ok: false; problems: readonly RecordProblem[] };

const tooLong: Read = { ok: false, problems: [{ field: '', reason: `the line is longer than ${maxLineBytes} bytes` }] };

function readLine(raw: Uint8Array, workspaceId: string, isFirst: boolean): Read | null {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: !isFirst }).decode(raw);
  } catch {
    return { ok: false, problems: [{ field: '', reason: 'the line is not UTF-8' }] };
  }
  if (text.trim() === '') return null;
  const read = readStrictJson(new TextEncoder().encode(text));
  if (read.ok) return readBillingRecord(read.value, workspaceId);
  const { field, message } = read.failure;
  // Strict reading speaks of a body where it means all of the text.
  if (field === 'body')
    return { ok: false, problems: [{ field: '', reason: message.replace('The body', 'the line') }] };
  return { ok: false, problems: [{ field: field ?? '', reason: message }] };
}

/** Splits at line feeds; a line over the limit is yielded as null and its bytes are dropped as they come. */
async function* splitLines(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array | null, void, undefined> {
  let parts: Uint8Array[] = [];
  let length = 0;
  const take = (part: Uint8Array): void => {
    length += part.length;
    if (length <= maxLineBytes) parts.push(part);
    else parts = [];
  };
  const finish = (): Uint8Array | null => {
    const whole = length > maxLineBytes ? null : Buffer.concat(parts);
    parts = [];
    length = 0;
    return whole;
  };
  for await (const chunk of bytes) {
    let from = 0;
    for (let end = chunk.indexOf(10); end !== -1; end = chunk.indexOf(10, from)) {
      take(chunk.subarray(from, end));
      yield finish();
      from = end + 1;
    }
    if (from < chunk.length) take(chunk.subarray(from));
  }
  if (length > 0) yield finish();
}
