import { answerFact } from '@/lib/html/answer.ts';
import { runtime } from '@/lib/runtime.ts';

/** Whether this instance should get traffic: 200, or 503 with the reason. */
export async function GET(): Promise<Response> {
  const reason = await (await runtime()).readiness();
  return reason === null ? answerFact({ ready: true }) : answerFact({ ready: false, reason }, 503);
}
