import type { Instant } from '@/lib/domain/time.ts';
import type { LogFields } from '@/lib/log.ts';
import type { Runtime } from '@/lib/runtime.ts';
import type { Allowance, Limits } from './limits.ts';

/** One request to the merchant API while it is answered. */
export type MerchantCall = {
  readonly runtime: Runtime;
  readonly limits: Limits;
  readonly requestId: string;
  readonly now: Instant;
  readonly method: string;
  /** The request target as it stood on the first line of the request, query included. */
  readonly rawTarget: string;
  /** The client's address, from the guard at the door. */
  readonly peer: string;
  readonly headers: Headers;
  /** The figures the answer's X-RateLimit headers show; replaced when the caller is known. */
  allowance: Allowance;
  /** The one line this request leaves in the log. */
  event: string;
  readonly log: LogFields;
};
