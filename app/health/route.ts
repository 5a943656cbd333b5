import { answerEmpty } from '@/lib/html/answer.ts';

/** The name by which merchants' tools ask whether this process answers; the same as `/healthz`. */
export function GET(): Response {
  return answerEmpty(204);
}
