/**
 * The yardstick: what the portal does for a mint and a burn, and the bytes of its pages, from a bare `node:http` handler
 * with nothing around it. Run by bench.ts in a process of its own:
 *
 *   node --import ./scripts/ts-alias.mjs bench/bare-server.ts <migrated database file> <secret of the key>
 */
import { createHash, createHmac, randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import { DatabaseSync } from 'node:sqlite';
import { isSignedWith } from '@/lib/crypto/request-signature.ts';

const [file = '', secret = ''] = process.argv.slice(2);
const db = new DatabaseSync(file);
db.exec('pragma busy_timeout = 5000; pragma journal_mode = wal; pragma synchronous = full; pragma foreign_keys = on');

const findCustomer = db.prepare('select workspace_id from customers where id = ? and deleted_at is null');
const insertLink = db.prepare(
  `insert into portal_sessions (id, workspace_id, mode, customer_id, token_hash, return_url, created_at, expires_at, epoch)
   values (?, ?, 'test', ?, ?, ?, ?, ?, 1)`,
);
const burnLink = db.prepare(
  `update portal_sessions set burned_at = ?, burned_nonce_hash = ?, browser_session_id = ?
   where token_hash = ? and burned_at is null and revoked_at is null and expires_at > ? returning *`,
);
const insertSession = db.prepare(
  `insert into browser_sessions (id, id_hash, portal_session_id, workspace_id, mode, customer_id, return_url, agent, entered_at, last_seen_at, binding, epoch)
   values (?, ?, ?, ?, 'test', ?, ?, '', ?, ?, 'none', 1)`,
);
const insertAnswer = db.prepare(
  `insert into idempotent_answers (workspace_id, mode, key, fingerprint, state, lease_until, status, answer_sealed, created_at, expires_at)
   values (?, 'test', ?, ?, 'done', 0, 201, ?, ?, ?)`,
);
const insertSignature = db.prepare(
  `insert into request_signatures (key_id, signature, unsigned_hash, method, seen_at) values ('bare', ?, '', 'POST', ?)`,
);
const raiseHead = db.prepare(
  `update audit_heads set position = position + 1, hash = ? where workspace_id = ? and mode = 'test' returning position`,
);
const insertLine = db.prepare(
  `insert into audit_lines (id, workspace_id, mode, position, at, actor, act, object, detail, previous_hash, hash)
   values (?, ?, 'test', ?, ?, 'key:bare', ?, ?, '{}', '', ?)`,
);
const insertEvent = db.prepare(
  `insert into outbox (id, workspace_id, mode, type, aggregate_type, aggregate_id, data, metadata, occurred_at, sequence)
   values (?, ?, 'test', ?, 'portal_session', ?, ?, '{}', ?, ?)`,
);
let page: Uint8Array = new Uint8Array();

const now = (): number => Math.floor(performance.timeOrigin + performance.now());
const hash = (text: string | Uint8Array): string => createHash('sha256').update(text).digest('hex');
const id = (): string => randomBytes(13).toString('hex');

function transact<T>(work: () => T): T {
  db.exec('begin immediate');
  try {
    const made = work();
    db.exec('commit');
    return made;
  } catch (thrown) {
    db.exec('rollback');
    throw thrown;
  }
}

function tell(workspaceId: string, act: string, object: string, events: readonly string[], at: number): void {
  const lineHash = hash(`${workspaceId}${act}${object}${at}`);
  const head = raiseHead.get(lineHash, workspaceId);
  insertLine.run(id(), workspaceId, Number(head?.position), at, act, object, lineHash);
  for (const [index, type] of events.entries())
    insertEvent.run(id(), workspaceId, type, object, JSON.stringify({ object: { id: object } }), at, index + 1);
}

function mint(request: IncomingMessage, body: Buffer): string | null {
  const { authorization = '', 'x-plugipay-timestamp': timestamp = '', 'idempotency-key': key = '' } = request.headers;
  const signature = authorization.split('signature=')[1] ?? '';
  const parts = {
    method: 'POST',
    target: request.url ?? '',
    timestamp: String(timestamp),
    body,
    idempotencyKey: String(key),
  };
  if (!isSignedWith(secret, parts, signature)) return null;
  const order: { customerId: string; returnUrl: string } = JSON.parse(body.toString('utf8'));
  const returnUrl = new URL(order.returnUrl).href;
  const claims = `${randomBytes(32).toString('base64url')}.1`;
  const token = `${claims}.${createHmac('sha256', secret).update(claims).digest('base64url')}`;
  const at = now();
  return transact(() => {
    const workspaceId = String(findCustomer.get(order.customerId)?.workspace_id);
    const link = id();
    insertLink.run(link, workspaceId, order.customerId, hash(token), returnUrl, at, at + 600_000);
    const answer = JSON.stringify({ data: { id: link, url: `http://localhost/p/${token}`, returnUrl }, error: null });
    insertAnswer.run(workspaceId, String(key), hash(body), answer, at, at + 86_400_000);
    insertSignature.run(signature, at);
    tell(workspaceId, 'minted', link, ['created'], at);
    return answer;
  });
}

function burn(request: IncomingMessage, body: Buffer): string | null {
  const token = new URLSearchParams(body.toString('utf8')).get('token') ?? '';
  const nonce = /__Host-pe=([^;]+)/.exec(request.headers.cookie ?? '')?.[1] ?? '';
  const session = createHmac('sha256', secret).update(`${token}\n${nonce}`).digest('base64url');
  const at = now();
  return transact(() => {
    const own = id();
    const link = burnLink.get(at, hash(nonce), own, hash(token), at);
    if (link === undefined) return null;
    const [linkId, workspaceId] = [String(link.id), String(link.workspace_id)];
    const [customerId, returnUrl] = [String(link.customer_id), String(link.return_url)];
    insertSession.run(own, hash(session), linkId, workspaceId, customerId, returnUrl, at, at);
    tell(workspaceId, 'burned', linkId, ['burned', 'started'], at);
    return session;
  });
}

function answer(request: IncomingMessage, response: ServerResponse, body: Buffer): void {
  const { method, url = '' } = request;
  if (method === 'GET' && url === '/page') {
    response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8', 'Cache-Control': 'no-store' }).end(page);
  } else if (method === 'PUT' && url === '/page') {
    page = new Uint8Array(body);
    response.writeHead(204).end();
  } else if (method === 'POST' && url.endsWith('/portal-sessions')) {
    const made = mint(request, body);
    response.writeHead(made === null ? 401 : 201, { 'Content-Type': 'application/json' }).end(made ?? '');
  } else if (method === 'POST' && url === '/enter') {
    const session = burn(request, body);
    const cookie = { 'Set-Cookie': `__Host-portal=${session}; Path=/; Secure; HttpOnly; SameSite=Lax`, Location: '/' };
    response.writeHead(session === null ? 410 : 303, session === null ? {} : cookie).end();
  } else response.writeHead(404).end();
}

const server = createServer((request, response) => {
  const parts: Buffer[] = [];
  request.on('data', (part) => parts.push(part));
  request.on('end', () => answer(request, response, Buffer.concat(parts)));
});
server.listen(0, 'localhost', () => {
  const address = server.address();
  console.log(typeof address === 'object' && address !== null ? address.port : 0);
});
