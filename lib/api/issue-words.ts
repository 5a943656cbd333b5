import type { z } from '@hono/zod-openapi';

/**
 * Our sentence for what a schema refused without words of its own: it continues "<field>: ". A schema that can say more
 * of what belongs in a field does so in its own `error`.
 */
export const issueWords: z.core.$ZodErrorMap = (issue) => {
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined ? 'is missing' : `must be ${nouns[issue.expected] ?? 'of another type'}`;
    case 'invalid_value':
      return `must be ${issue.values.map((value) => JSON.stringify(value)).join(' or ')}`;
    case 'too_small':
      return bound(issue.origin, `${issue.minimum}`, issue.inclusive === false ? 'more than' : 'at least');
    case 'too_big':
      return bound(issue.origin, `${issue.maximum}`, issue.inclusive === false ? 'less than' : 'at most');
    case 'not_multiple_of':
      return `must be a multiple of ${issue.divisor}`;
    case 'invalid_format':
      return 'is not written as it should be';
    case 'unrecognized_keys':
      return 'is not a field here';
    case 'invalid_union':
      return 'has none of the forms it may have';
    case 'invalid_key':
      return 'has a name that is not allowed';
    default:
      return 'is not valid';
  }
};

const nouns: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
  null: 'null',
};

function bound(origin: string, limit: string, relation: string): string {
  if (origin === 'string') return `must have ${relation} ${limit} characters`;
  if (origin === 'array' || origin === 'set') return `must hold ${relation} ${limit}`;
  return `must be ${relation} ${limit}`;
}
