/** A merchant's own request, for the audit log and the events it causes. */
export type MerchantAct = {
  /** Names the key: the key id, or for a Bearer key its first characters. */
  readonly keyName: string;
  readonly requestId: string;
  readonly idempotencyKey: string | null;
};
