import type { Failure } from '@/lib/domain/result.ts';

/** What the guard refuses, by the text it puts into that header. */
export const refusals: Readonly<Record<string, { failure: Failure; headers?: Record<string, string> }>> = {
  target: {
    failure: { code: 'validation_error', message: 'The request target is not a plain path.', field: 'target' },
  },
  path: { failure: { code: 'not_found', message: 'There is no such route.' } },
  method: {
    failure: { code: 'method_not_allowed', message: 'This method is not taken here.' },
    headers: { allow: 'GET, HEAD, POST, PATCH, DELETE' },
  },
};
