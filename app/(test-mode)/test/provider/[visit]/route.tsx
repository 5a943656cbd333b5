import { answerDocument, answerEmpty, answerSeeOther } from '@/lib/html/answer.ts';
import { makeWords } from '@/lib/i18n/words.ts';
import type { HostedPage, PageStep } from '@/lib/providers/simulated/hosted-page.ts';
import type { SimulatedVisit } from '@/lib/providers/simulated/simulated-store.ts';
import { type Runtime, runtime } from '@/lib/runtime.ts';
import { readForm } from '@/lib/session/form.ts';
import { isSameOrigin } from '@/lib/session/same-origin.ts';
import { type PageProblem, ProviderDocument } from './_components/provider-document.tsx';
import { providerStyles } from './_components/provider-styles.ts';

type Context = { params: Promise<{ visit: string }> };

/** The simulated provider's own page: not the portal, and 404 wherever test mode is not served. */
export async function GET(_request: Request, context: Context): Promise<Response> {
  const on = await runtime();
  const found = await findVisit(on, context);
  return found === null ? answerEmpty(404) : drawVisit(on, found.page, found.visit, null);
}

export async function POST(request: Request, context: Context): Promise<Response> {
  const on = await runtime();
  const found = await findVisit(on, context);
  if (found === null) return answerEmpty(404);
  if (!isSameOrigin(request, on.config.origin)) return answerEmpty(403);
  const form = await readForm(request, 4_096);
  if (!form.ok) return answerEmpty(400);
  const { page, visit } = found;
  const step = await takeStep(page, visit, form.value);
  if (step === 'back') return answerSeeOther(visit.returnUrl);
  if (step === 'page') return answerSeeOther(`/test/provider/${visit.id}`);
  return drawVisit(on, page, visit, step);
}

async function findVisit(on: Runtime, context: Context): Promise<{ page: HostedPage; visit: SimulatedVisit } | null> {
  const page = on.providers.simulatedPage;
  const { visit: id } = await context.params;
  const visit = page === null || !/^[\w-]{10,64}$/.test(id) ? null : await page.findVisit(id);
  return page === null || visit === null ? null : { page, visit };
}

async function takeStep(page: HostedPage, visit: SimulatedVisit, form: URLSearchParams): Promise<PageStep> {
  const text = (name: string): string => form.get(name) ?? '';
  switch (form.get('act')) {
    case 'card':
      return page.enterCard(visit, { number: text('number'), expiry: text('expiry') });
    case 'wallet':
      return page.enterWallet(visit, { brand: text('brand'), phone: text('phone') });
    case 'transfer':
      return page.chooseTransfer(visit);
    case 'paid':
      return page.receiveTransfer(visit);
    case 'confirm':
      return page.answerBank(visit, true);
    case 'refuse':
      return page.answerBank(visit, false);
    case 'silent':
      return page.fallSilent(visit);
    default:
      return page.leave(visit);
  }
}

async function drawVisit(
  on: Runtime,
  page: HostedPage,
  visit: SimulatedVisit,
  problem: PageProblem | null,
): Promise<Response> {
  const words = makeWords(visit.locale, 'Asia/Jakarta');
  const method = await page.findMethodOf(visit);
  const year = new Date(on.now()).getUTCFullYear() + 4;
  return answerDocument(
    <ProviderDocument
      words={words}
      visit={visit}
      method={method === null ? null : words.method(method)}
      problem={problem}
      expiry={`12/${String(year % 100)}`}
    />,
    { status: problem === null ? 200 : 400, styles: [providerStyles] },
  );
}
