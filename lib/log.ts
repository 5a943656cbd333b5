/** The fields a log line may carry. What is not on this list cannot be logged: no token, no cookie, no email. */
export type LogFields = {
  requestId?: string;
  route?: string;
  method?: string;
  status?: number;
  durationMs?: number;
  workspaceId?: string;
  mode?: string;
  customerId?: string;
  portalSessionId?: string;
  browserSessionId?: string;
  subscriptionId?: string;
  invoiceId?: string;
  paymentMethodId?: string;
  eventId?: string;
  webhookEndpointId?: string;
  deliveryId?: string;
  mailId?: string;
  keyId?: string;
  expiresAt?: string;
  returnOrigin?: string;
  code?: string;
  reason?: string;
  arrival?: string;
  job?: string;
  count?: number;
  engine?: string;
  origin?: string;
  modes?: string;
  errorName?: string;
  errorMessage?: string;
  stack?: string;
};

export type LogLevel = 'info' | 'warn' | 'error';

/** Writes one line per event. */
export type Log = (level: LogLevel, event: string, fields?: LogFields) => void;

/** A log of JSON lines: time, level, event, fields. Texts are bounded, and anything that looks like a secret is masked. */
export function makeLog(now: () => number, write: (line: string) => void): Log {
  return (level, event, fields = {}) => {
    const line: Record<string, unknown> = { time: new Date(now()).toISOString(), level, event };
    for (const [name, value] of Object.entries(fields)) {
      if (value !== undefined)
        line[name] = typeof value === 'string' ? mask(value).slice(0, name === 'stack' ? 4_000 : 300) : value;
    }
    write(JSON.stringify(line));
  };
}

/** An error as fields: name, message and stack, masked like everything else. */
export function errorFields(thrown: unknown): LogFields {
  if (!(thrown instanceof Error)) return { errorName: typeof thrown, errorMessage: String(thrown) };
  return {
    errorName: thrown.name,
    errorMessage: thrown.message,
    ...(thrown.stack === undefined ? {} : { stack: thrown.stack }),
  };
}

/** Removes link tokens, secrets of keys, and long digit runs that could be a card number. */
function mask(text: string): string {
  return text
    .replace(/\/p\/[^\s"'?#]+/g, '/p/[redacted]')
    .replace(/\b(?:ps_)?eyJ[\w-]+\.[\w-]+\.[\w-]+/g, '[token]')
    .replace(/\bps_[\w.-]{20,}/g, '[token]')
    .replace(/\b(sk|pk)_(live|test)_[\w-]+/g, '$1_$2_[redacted]')
    .replace(/\b(?:\d[ -]?){13,19}\b/g, '[digits]');
}
