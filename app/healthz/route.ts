import { answerEmpty } from '@/lib/html/answer.ts';

/** This process answers. It asks nothing of the database: a dead database is no reason to restart the process. */
export function GET(): Response {
  return answerEmpty(204);
}
