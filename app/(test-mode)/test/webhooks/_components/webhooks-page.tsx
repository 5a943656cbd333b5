import { sampleConfiguration, sampleName, sampleScope } from '@/app/(test-mode)/test/_sample/sample-workspace.ts';
import { Document } from '@/components/portal/document.tsx';
import { LanguageSwitch } from '@/components/portal/language-switch.tsx';
import { Button } from '@/components/ui/button.tsx';
import { Chip } from '@/components/ui/chip.tsx';
import { TextField } from '@/components/ui/field.tsx';
import { Link } from '@/components/ui/link.tsx';
import { Notice } from '@/components/ui/notice.tsx';
import { Section } from '@/components/ui/section.tsx';
import type { Tone } from '@/components/ui/tone.ts';
import type { PageWish } from '@/lib/data/page.ts';
import { listAttempts, listDeliveryPage } from '@/lib/data/webhook-deliveries.ts';
import { listWebhookEndpoints } from '@/lib/data/webhook-endpoints.ts';
import type { WebhookAttempt, WebhookDelivery } from '@/lib/domain/webhook-delivery.ts';
import type { WebhookEndpoint } from '@/lib/domain/webhook-endpoint.ts';
import { answerDocument } from '@/lib/html/answer.ts';
import { portalStyles } from '@/lib/html/assets.ts';
import { themeStyles } from '@/lib/html/theme.ts';
import { readAcceptLanguage, readLocale } from '@/lib/i18n/locale.ts';
import type { Words } from '@/lib/i18n/words.ts';
import { makeWords } from '@/lib/i18n/words.ts';
import type { Runtime } from '@/lib/runtime.ts';
import { readCookie } from '@/lib/session/cookie.ts';

/** What a form did, told above the lists. */
export type HooksNote =
  | 'removed'
  | 'queued'
  | 'already_queued'
  | 'endpoint_disabled'
  | 'not_found'
  | 'bad_url'
  | { readonly secret: string };

const limit = 25;

/** Draws the page: endpoints of the sample shop, and what was sent to them. */
export async function drawWebhooks(on: Runtime, request: Request, note: HooksNote | null): Promise<Response> {
  const fields = new URL(request.url).searchParams;
  const switched = readLocale(readCookie(request, 'locale'));
  const locale = switched ?? readAcceptLanguage(request.headers.get('accept-language')) ?? 'en';
  const words = makeWords(locale, sampleConfiguration.timeZone ?? 'UTC');
  const { t } = words;
  const after = readPlace(fields);
  const endpoints = await listWebhookEndpoints(on.read, sampleScope);
  const page = await listDeliveryPage(on.read, sampleScope, {}, { limit, order: 'desc', after });
  const logs = await listAttempts(on.read, page.rows);
  const last = page.hasMore ? page.rows.at(-1) : undefined;
  const styles = [portalStyles(), themeStyles(null)];
  return answerDocument(
    <Document words={words} title={t('hooks.title')} styles={styles} scheme="auto">
      <main className="mx-auto max-w-3xl px-4 py-8">
        <Link href="/test">{t('hooks.back')}</Link>
        <h1 className="mt-2 text-2xl font-bold">{t('hooks.title')}</h1>
        <p className="mt-2">{t('hooks.about', { shop: sampleName })}</p>
        {note === null ? null : <Note note={note} words={words} />}
        <Section id="endpoints" title={t('hooks.endpoints')}>
          <Endpoints endpoints={endpoints} words={words} />
          <AddForm words={words} isLocalLet={on.config.webhookLoopback} />
        </Section>
        <Section id="sent" title={t('hooks.sent')}>
          {page.rows.length === 0 ? <p className="text-quiet">{t('hooks.nothing')}</p> : null}
          <ul className="m-0 grid list-none gap-3 p-0">
            {page.rows.map((delivery) => (
              <Delivery
                key={delivery.id}
                delivery={delivery}
                attempts={logs.get(delivery.id) ?? []}
                url={endpoints.find((one) => one.id === delivery.endpointId)?.url ?? null}
                words={words}
              />
            ))}
          </ul>
          <nav aria-label={t('hooks.sent')} className="mt-4 flex flex-wrap gap-x-6">
            {after === null ? null : <Link href="/test/webhooks#sent">{t('hooks.newer')}</Link>}
            {last === undefined ? null : (
              <Link href={`/test/webhooks?at=${last.createdAt}&id=${last.id}#sent`}>{t('hooks.earlier')}</Link>
            )}
          </nav>
        </Section>
      </main>
      <footer className="mx-auto max-w-3xl px-4 pb-8">
        <LanguageSwitch words={words} here="/test/webhooks" />
      </footer>
    </Document>,
    { styles, status: note === 'bad_url' ? 400 : 200 },
  );
}

function readPlace(fields: URLSearchParams): PageWish['after'] {
  const [at, id] = [fields.get('at') ?? '', fields.get('id') ?? ''];
  return /^\d{1,15}$/.test(at) && /^[\w-]{1,64}$/.test(id) ? { at: Number(at), id } : null;
}

function Note({ note, words: { t } }: { note: HooksNote; words: Words }) {
  if (typeof note === 'object') {
    return (
      <div className="mt-4">
        <Notice tone="green" result>
          <p>{t('hooks.added')}</p>
          <p className="font-semibold [overflow-wrap:anywhere]">
            <code>{note.secret}</code>
          </p>
        </Notice>
      </div>
    );
  }
  const notes: Readonly<Record<typeof note, readonly [Tone, string]>> = {
    removed: ['green', t('hooks.removed')],
    queued: ['green', t('hooks.queued')],
    already_queued: ['amber', t('hooks.alreadyQueued')],
    endpoint_disabled: ['amber', t('hooks.endpointOff')],
    not_found: ['amber', t('hooks.gone')],
    bad_url: ['red', t('hooks.badUrl')],
  };
  const [tone, text] = notes[note];
  return (
    <div className="mt-4">
      <Notice tone={tone} result>
        <p>{text}</p>
      </Notice>
    </div>
  );
}

const endpointTones = { active: 'green', disabled: 'neutral', errored: 'red' } as const;
const deliveryTones = { pending: 'blue', succeeded: 'green', failed: 'red' } as const;
const card = 'rounded-corner border border-line bg-card px-4 py-3';

function Endpoints({ endpoints, words: { t } }: { endpoints: readonly WebhookEndpoint[]; words: Words }) {
  if (endpoints.length === 0) return <p className="mb-4">{t('hooks.noEndpoint')}</p>;
  return (
    <ul className="m-0 mb-4 grid list-none gap-3 p-0">
      {endpoints.map((endpoint) => (
        <li key={endpoint.id} className={card}>
          <p className="font-semibold [overflow-wrap:anywhere]">{endpoint.url}</p>
          <p className="mt-1 flex flex-wrap items-center gap-x-3 gap-y-1">
            <Chip tone={endpointTones[endpoint.status]}>{t('hooks.state', { status: endpoint.status })}</Chip>
            {endpoint.consecutiveFailures === 0 ? null : (
              <span className="text-sm text-amber">{t('hooks.failures', { n: endpoint.consecutiveFailures })}</span>
            )}
          </p>
          <form method="post" action="/test/webhooks/remove" className="mt-2">
            <input type="hidden" name="endpoint" value={endpoint.id} />
            <Button look="plain" size="half" label={t('hooks.removeLabel', { url: endpoint.url })}>
              {t('hooks.remove')}
            </Button>
          </form>
        </li>
      ))}
    </ul>
  );
}

function AddForm({ words: { t }, isLocalLet }: { words: Words; isLocalLet: boolean }) {
  return (
    <form method="post" action="/test/webhooks" className="space-y-3">
      <TextField name="url" label={t('hooks.url')} value="" maxLength={2_048} />
      <p className="text-sm text-quiet">{isLocalLet ? t('hooks.urlHelpLocal') : t('hooks.urlHelp')}</p>
      <Button>{t('hooks.add')}</Button>
    </form>
  );
}

function Delivery({
  delivery,
  attempts,
  url,
  words,
}: {
  delivery: WebhookDelivery;
  attempts: readonly WebhookAttempt[];
  url: string | null;
  words: Words;
}) {
  const { t } = words;
  const next = delivery.status === 'pending' && delivery.attempts > 0 ? delivery.nextAttemptAt : null;
  return (
    <li className={card}>
      <p className="font-semibold [overflow-wrap:anywhere]">{delivery.type}</p>
      <p className="mt-1 flex flex-wrap items-center gap-x-3 gap-y-1 text-sm">
        <Chip tone={deliveryTones[delivery.status]}>{t('hooks.status', { status: delivery.status })}</Chip>
        {delivery.responseCode === null ? null : (
          <span>{t('hooks.answered', { code: String(delivery.responseCode) })}</span>
        )}
        <span>{t('hooks.attempts', { n: delivery.attempts })}</span>
        <span className="text-quiet">
          {words.date(delivery.createdAt)} {words.time(delivery.createdAt)}
        </span>
      </p>
      <p className="mt-1 text-sm text-quiet [overflow-wrap:anywhere]">{url ?? delivery.endpointId}</p>
      {delivery.lastError === null ? null : (
        <p lang="en" className="mt-1 text-sm text-red">
          {delivery.lastError}
        </p>
      )}
      {next === null ? null : (
        <p className="mt-1 text-sm">{t('hooks.next', { date: words.date(next), time: words.time(next) })}</p>
      )}
      <details className="mt-1">
        <summary className="min-h-11 cursor-pointer py-2.5 text-accent-text underline underline-offset-2">
          {t('hooks.body')}
        </summary>
        <pre className="m-0 whitespace-pre-wrap rounded-corner border border-line bg-page p-3 text-sm [overflow-wrap:anywhere]">
          {JSON.stringify(JSON.parse(delivery.body), null, 2)}
        </pre>
      </details>
      {attempts.length === 0 ? null : (
        <details>
          <summary className="min-h-11 cursor-pointer py-2.5 text-accent-text underline underline-offset-2">
            {t('hooks.log')}
          </summary>
          <ol className="m-0 list-none space-y-1 p-0 text-sm">
            {attempts.map((attempt) => (
              <li key={attempt.attemptNumber}>
                {t('hooks.attempt', {
                  n: attempt.attemptNumber,
                  date: words.date(attempt.attemptedAt),
                  time: words.time(attempt.attemptedAt),
                  ms: attempt.durationMs,
                  outcome: attempt.error ?? t('hooks.taken'),
                })}
              </li>
            ))}
          </ol>
        </details>
      )}
      {delivery.status === 'pending' ? null : (
        <form method="post" action="/test/webhooks/send-again" className="mt-2">
          <input type="hidden" name="delivery" value={delivery.id} />
          <Button look="plain" size="half" label={t('hooks.againLabel', { id: delivery.eventId })}>
            {t('hooks.again')}
          </Button>
        </form>
      )}
    </li>
  );
}
