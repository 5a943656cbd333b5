/** The parts of a repeated request that decide whether it is a retry of its sender or somebody else's replay. */
export type RepeatedRequest = {
  readonly isWrite: boolean;
  readonly hasIdempotencyKey: boolean;
  /** Fingerprint of the headers its signature does not cover. */
  readonly unsignedHash: string;
};

/**
 * May a request go on whose signature was seen before? A read may, and a write with an idempotency key, which then
 * gets its stored answer; but never with other unsigned headers than the first time.
 */
export function mayRepeat(first: { readonly unsignedHash: string }, now: RepeatedRequest): boolean {
  return first.unsignedHash === now.unsignedHash && (!now.isWrite || now.hasIdempotencyKey);
}
