import { isIP } from 'node:net';
import { z } from 'zod';
import { type RootKeys, Secret } from '@/lib/crypto/secret.ts';
import type { MailAddress } from '@/lib/domain/mail-address.ts';
import { readMailAddress } from '@/lib/domain/mail-address.ts';
import type { Mode } from '@/lib/domain/viewer.ts';

/** Everything the deployment decides, parsed once. A bad value stops the start with the name of the variable. */
export type Config = {
  /** Public origin, such as `https://billing.example.com`; never taken from a request. */
  readonly origin: string;
  /** Modes this host serves. A host for `live` alone answers 404 to test-mode tools and keys. */
  readonly modes: ReadonlySet<Mode>;
  /** The pages under `/test`: only on a host that serves test mode alone. */
  readonly testTools: boolean;
  readonly rootKeys: RootKeys;
  readonly database:
    | { readonly engine: 'sqlite'; readonly file: string }
    | { readonly engine: 'postgres'; readonly url: Secret };
  /** Peers whose X-Forwarded-For and -Proto are believed: addresses or CIDR ranges. */
  readonly trustedProxies: readonly string[];
  /** Path prefix a proxy strips before it passes a request on; part of what merchants sign. */
  readonly strippedPrefix: string;
  /** Requires Idempotency-Key on the create routes of the merchant API. */
  readonly strictIdempotency: boolean;
  /** Endpoints of test mode may lead to this machine, for development: only on a host that serves test mode alone. */
  readonly webhookLoopback: boolean;
  /** Where live mail goes out and the address it comes from; null: no live mail is offered. */
  readonly mailServer: { readonly url: Secret; readonly from: MailAddress } | null;
  /** After SIGTERM: how long to answer on while "not ready", so that a balancer can turn away. */
  readonly drainSeconds: number;
  readonly production: boolean;
};

export class ConfigProblem extends Error {
  override name = 'ConfigProblem';
}

const flag = z
  .enum(['', '0', '1'], { error: 'must be 0 or 1' })
  .default('')
  .transform((text) => text === '1');

const originWanted = 'must be an origin such as https://billing.example.com';
const keysWanted = 'must be "1:<base64 of 32 random bytes>", more of them separated by commas';

const schema = z.object({
  PORTAL_ORIGIN: z.string({ error: originWanted }).refine(isOrigin, originWanted),
  PORTAL_MODES: z
    .string()
    .default('live,test')
    .transform((text, context) => {
      const modes = text.split(',').map((one) => one.trim());
      if (modes.length > 0 && modes.every((one): one is Mode => one === 'live' || one === 'test'))
        return new Set<Mode>(modes);
      context.addIssue({ code: 'custom', message: 'must be "live", "test" or "live,test"' });
      return z.NEVER;
    }),
  PORTAL_TEST_TOOLS: flag,
  PORTAL_KEYS: z.string({ error: keysWanted }).transform((text, context) => {
    const keys = readRootKeys(text);
    if (keys !== null) return keys;
    context.addIssue({
      code: 'custom',
      message: keysWanted,
    });
    return z.NEVER;
  }),
  DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//, 'must begin with postgres://')
    .optional(),
  PORTAL_DATABASE_FILE: z.string().min(1).default('data/portal.db'),
  PORTAL_TRUSTED_PROXIES: z
    .string()
    .default('')
    .transform((text) =>
      text
        .split(',')
        .map((one) => one.trim())
        .filter((one) => one !== ''),
    )
    .refine((entries) => entries.every(isAddressRange), 'must be addresses or ranges such as 10.0.0.0/8'),
  PORTAL_STRIPPED_PREFIX: z
    .string()
    .regex(/^(\/[A-Za-z0-9_-]+)*$/, 'must be empty or a path such as /billing')
    .default(''),
  PORTAL_STRICT_IDEMPOTENCY: flag,
  PORTAL_WEBHOOK_LOOPBACK: flag,
  PORTAL_SMTP_URL: z
    .string()
    .refine(isMailServer, 'must be smtp:// or smtps:// with a host, such as smtps://name:password@mail.example.com')
    .optional(),
  PORTAL_MAIL_FROM: z
    .string()
    .transform((text, context): MailAddress => {
      const read = readMailAddress(text);
      if (read !== null) return read;
      context.addIssue({ code: 'custom', message: 'must be an address such as billing@example.com' });
      return z.NEVER;
    })
    .optional(),
  PORTAL_DRAIN_SECONDS: z
    .string()
    .regex(/^\d{1,3}$/, 'must be a number of seconds')
    .default('5')
    .transform(Number),
  NODE_ENV: z.string().default('production'),
});

/** Reads the configuration from the environment. Throws ConfigProblem naming every bad variable, never its value. */
export function readConfig(environment: Readonly<Record<string, string | undefined>> = process.env): Config {
  const given = Object.fromEntries(Object.entries(environment).filter(([, text]) => text !== undefined && text !== ''));
  const read = schema.safeParse(given);
  if (!read.success) {
    const lines = read.error.issues.map(
      (issue) =>
        `${issue.path.join('.')}: ${given[String(issue.path[0])] === undefined ? 'is not set; ' : ''}${issue.message}`,
    );
    throw new ConfigProblem(`The configuration is not complete.\n  ${lines.join('\n  ')}\nSee .env.example.`);
  }
  const env = read.data;
  const origin = new URL(env.PORTAL_ORIGIN).origin;
  const local = isLocalOrigin(origin);
  if (!origin.startsWith('https:') && !local) {
    throw new ConfigProblem('PORTAL_ORIGIN: must be https; plain http works on localhost only.');
  }
  if (env.PORTAL_TEST_TOOLS && env.PORTAL_MODES.has('live')) {
    throw new ConfigProblem('PORTAL_TEST_TOOLS: only on a host with PORTAL_MODES=test.');
  }
  if (env.PORTAL_WEBHOOK_LOOPBACK && env.PORTAL_MODES.has('live')) {
    throw new ConfigProblem('PORTAL_WEBHOOK_LOOPBACK: only on a host with PORTAL_MODES=test.');
  }
  const { PORTAL_SMTP_URL: smtpUrl, PORTAL_MAIL_FROM: mailFrom } = env;
  if ((smtpUrl === undefined) !== (mailFrom === undefined)) {
    throw new ConfigProblem('PORTAL_SMTP_URL and PORTAL_MAIL_FROM: set both for live mail, or neither.');
  }
  return {
    origin,
    modes: env.PORTAL_MODES,
    testTools: env.PORTAL_TEST_TOOLS,
    rootKeys: env.PORTAL_KEYS,
    database:
      env.DATABASE_URL === undefined
        ? { engine: 'sqlite', file: env.PORTAL_DATABASE_FILE }
        : { engine: 'postgres', url: new Secret(env.DATABASE_URL) },
    trustedProxies: env.PORTAL_TRUSTED_PROXIES,
    strippedPrefix: env.PORTAL_STRIPPED_PREFIX,
    strictIdempotency: env.PORTAL_STRICT_IDEMPOTENCY,
    webhookLoopback: env.PORTAL_WEBHOOK_LOOPBACK,
    mailServer: smtpUrl === undefined || mailFrom === undefined ? null : { url: new Secret(smtpUrl), from: mailFrom },
    drainSeconds: env.PORTAL_DRAIN_SECONDS,
    production: env.NODE_ENV === 'production',
  };
}

function isAddressRange(text: string): boolean {
  const match = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(text);
  const family = isIP(match?.[1] ?? '');
  return family !== 0 && Number(match?.[2] ?? 0) <= (family === 6 ? 128 : 32);
}

/** Options in the address would loosen what is required of the connection, so there are none. */
function isMailServer(text: string): boolean {
  const url = URL.parse(text);
  if (url === null || !/^smtps?:$/.test(url.protocol) || url.hostname === '') return false;
  try {
    decodeURIComponent(url.username + url.password);
  } catch {
    return false;
  }
  return (url.pathname === '' || url.pathname === '/') && url.search === '' && url.hash === '';
}

function isOrigin(text: string): boolean {
  const url = URL.parse(text);
  return url !== null && /^https?:$/.test(url.protocol) && (text === url.origin || text === `${url.origin}/`);
}

function isLocalOrigin(origin: string): boolean {
  const { hostname } = new URL(origin);
  return (
    hostname === 'localhost' || hostname.endsWith('.localhost') || hostname === '127.0.0.1' || hostname === '[::1]'
  );
}

function readRootKeys(text: string): RootKeys | null {
  const keys = new Map<number, Uint8Array>();
  for (const part of text.split(',')) {
    const match = /^\s*(\d{1,6}):([A-Za-z0-9+/_=-]+)\s*$/.exec(part);
    const bytes = match === null ? null : Buffer.from(match[2] ?? '', 'base64');
    if (match === null || bytes === null || bytes.length !== 32 || keys.has(Number(match[1]))) return null;
    keys.set(Number(match[1]), new Uint8Array(bytes));
  }
  return keys.size > 0 ? keys : null;
}
