import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { answerEmpty } from '@/lib/html/answer.ts';
import { closedPolicy, securityHeaders } from '@/lib/html/security-headers.ts';

const types: Readonly<Record<string, string>> = {
  'swagger-ui-bundle.js': 'text/javascript; charset=utf-8',
  'swagger-ui.css': 'text/css; charset=utf-8',
  'start.js': 'text/javascript; charset=utf-8',
};

const start = `SwaggerUIBundle({
  url: '/api/v1/openapi.json',
  dom_id: '#reference',
  deepLinking: true,
  defaultModelsExpandDepth: 0,
  supportedSubmitMethods: [],
  validatorUrl: null,
});
`;

/** The files of the reference: the renderer's own, from its package, and the few lines that start it. */
export async function GET(_request: Request, context: { params: Promise<{ file: string }> }): Promise<Response> {
  const { file } = await context.params;
  const type = Object.hasOwn(types, file) ? types[file] : undefined;
  if (type === undefined) return answerEmpty(404);
  const folder = path.join(/* turbopackIgnore: true */ process.cwd(), 'node_modules/swagger-ui-dist');
  const body = file === 'start.js' ? start : new Uint8Array(await readFile(path.join(folder, file)));
  return new Response(body, {
    headers: {
      ...securityHeaders,
      'Content-Type': type,
      'Cache-Control': 'public, max-age=3600',
      'Content-Security-Policy': closedPolicy,
    },
  });
}
