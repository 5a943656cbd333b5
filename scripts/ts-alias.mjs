/**
 * Lets Node run the project's TypeScript directly (by stripping types), the way Next and Vitest see it:
 * `@/x/y.ts` is a file from the project's root, `server-only` is its own empty module, JSON needs no attribute.
 *
 *   node --import ./scripts/ts-alias.mjs scripts/portal.ts
 */
import { registerHooks } from 'node:module';

const root = new URL('../', import.meta.url);
const empty = new URL('node_modules/server-only/empty.js', root).href;

registerHooks({
  resolve(specifier, context, nextResolve) {
    if (specifier === 'server-only') return { url: empty, format: 'commonjs', shortCircuit: true };
    const target = specifier.startsWith('@/') ? new URL(specifier.slice(2), root).href : specifier;
    if (isProjectJson(target)) {
      return nextResolve(target, { ...context, importAttributes: { ...context.importAttributes, type: 'json' } });
    }
    return nextResolve(target, context);
  },
  load(url, context, nextLoad) {
    if (!isProjectJson(url) || context.format === 'commonjs') return nextLoad(url, context);
    return nextLoad(url, { ...context, importAttributes: { ...context.importAttributes, type: 'json' } });
  },
});

/** @param {string} target */
function isProjectJson(target) {
  return (
    target.endsWith('.json') &&
    (target.startsWith('./') || target.startsWith(root.href)) &&
    !target.includes('/node_modules/')
  );
}
