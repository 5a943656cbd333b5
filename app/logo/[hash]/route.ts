import { findLogo } from '@/lib/data/workspaces.ts';
import { answerEmpty } from '@/lib/html/answer.ts';
import { closedPolicy, securityHeaders } from '@/lib/html/security-headers.ts';
import { errorFields } from '@/lib/log.ts';
import { type Runtime, runtime } from '@/lib/runtime.ts';

type Context = { params: Promise<{ hash: string }> };

/**
 * A workspace's logo by the SHA-256 of its bytes: another logo has another address, so it may be kept for ever. Its type
 * was read from its bytes when it was stored, and is one of PNG, JPEG and WebP.
 */
export async function GET(_request: Request, context: Context): Promise<Response> {
  const { hash } = await context.params;
  if (!/^[0-9a-f]{64}$/.test(hash)) return answerEmpty(404);
  const on = await runtime();
  const logo = await readLogo(on, hash);
  if (logo === 'broken') return answerEmpty(503, { 'Retry-After': '5' });
  if (logo === null) return answerEmpty(404);
  return new Response(new Uint8Array(logo.bytes), {
    headers: {
      ...securityHeaders,
      'Content-Type': logo.type,
      'Content-Length': String(logo.bytes.length),
      'Content-Disposition': 'inline; filename="logo"',
      'Cache-Control': 'public, max-age=31536000, immutable',
      'Content-Security-Policy': closedPolicy,
    },
  });
}

async function readLogo(on: Runtime, hash: string): Promise<Awaited<ReturnType<typeof findLogo>> | 'broken'> {
  try {
    return await findLogo(on.read, hash);
  } catch (thrown) {
    on.log('error', 'logo.failed', errorFields(thrown));
    return 'broken';
  }
}
