import { connect } from 'node:net';
import { gunzipSync } from 'node:zlib';

/** What came back over a connection: status and headers as sent (names in lower case), or nothing at all. */
export type SocketAnswer = {
  readonly status: number;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: string;
  readonly milliseconds: number;
};

/**
 * Sends bytes as they are over a connection of their own and reads until the server closes it. Null: it closed without
 * an answer. Rejects when it neither answers nor closes in time. The bytes ask for `Connection: close`.
 */
export function sendBytes(origin: string, bytes: Uint8Array, limitMs: number): Promise<SocketAnswer | null> {
  const { hostname, port } = new URL(origin);
  const begun = performance.now();
  return new Promise((resolve, reject) => {
    const parts: Buffer[] = [];
    const socket = connect({ host: hostname, port: Number(port) });
    const timer = setTimeout(() => {
      socket.destroy();
      reject(new Error(`No answer within ${limitMs} ms`));
    }, limitMs);
    socket.on('data', (part) => parts.push(part));
    // A server that refuses a body may reset the rest of it; what it said before counts.
    socket.on('error', () => undefined);
    socket.on('close', () => {
      clearTimeout(timer);
      resolve(readAnswer(Buffer.concat(parts), performance.now() - begun));
    });
    socket.write(bytes);
  });
}

function readAnswer(bytes: Buffer, milliseconds: number): SocketAnswer | null {
  const end = bytes.indexOf('\r\n\r\n');
  if (end < 0) return null;
  const [first = '', ...lines] = bytes.subarray(0, end).toString('latin1').split('\r\n');
  const status = Number(first.split(' ')[1]);
  if (status < 200) return readAnswer(bytes.subarray(end + 4), milliseconds);
  const headers = lines.map((line): [string, string] => {
    const colon = line.indexOf(':');
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
  });
  const rest = bytes.subarray(end + 4);
  const isChunked = headers.some(([name, value]) => name === 'transfer-encoding' && value === 'chunked');
  const sent = isChunked ? joinChunks(rest) : rest;
  const isPacked = sent.length > 0 && headers.some(([name, value]) => name === 'content-encoding' && value === 'gzip');
  return { status, headers, body: (isPacked ? gunzipSync(sent) : sent).toString('utf8'), milliseconds };
}

function joinChunks(bytes: Buffer): Buffer {
  const parts: Buffer[] = [];
  for (let at = 0; at < bytes.length; ) {
    const line = bytes.indexOf('\r\n', at);
    const size = line < 0 ? 0 : Number.parseInt(bytes.subarray(at, line).toString('latin1'), 16);
    if (!(size > 0)) break;
    parts.push(bytes.subarray(line + 2, line + 2 + size));
    at = line + 2 + size + 2;
  }
  return Buffer.concat(parts);
}
