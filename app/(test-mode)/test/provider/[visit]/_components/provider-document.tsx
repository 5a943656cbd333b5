import type { ReactNode } from 'react';
import type { Words } from '@/lib/i18n/words.ts';
import type { SimulatedVisit } from '@/lib/providers/simulated/simulated-store.ts';
import { type Play, testCards, testWallets, walletBrands } from '@/lib/providers/simulated/test-numbers.ts';
import { providerStyles } from './provider-styles.ts';

export type PageProblem = 'unknown_number' | 'unknown_expiry' | 'unknown_phone';

type Props = {
  words: Words;
  visit: SimulatedVisit;
  /** Name of the method the bank asks about, or null. */
  method: string | null;
  problem: PageProblem | null;
  /** An expiry that is not over, such as "12/30". */
  expiry: string;
};

/** The whole page of the simulated provider, by what the visit waits for. */
export function ProviderDocument(props: Props) {
  const { words, visit } = props;
  const { t } = words;
  return (
    <html lang={words.locale}>
      <head>
        <meta charSet="utf-8" />
        <meta name="viewport" content="width=device-width,initial-scale=1" />
        <title>{t('simulated.name')}</title>
        <link rel="icon" href="/icon.svg" type="image/svg+xml" />
        {/* biome-ignore lint/security/noDangerouslySetInnerHtml: a constant of ours, allowed by its hash. */}
        <style dangerouslySetInnerHTML={{ __html: providerStyles }} />
      </head>
      <body>
        <header className="bar">
          <p>{t('simulated.name')}</p>
          <p className="small">{t('simulated.banner')}</p>
        </header>
        <main>
          <Content {...props} />
          {visit.status === 'open' || visit.status === 'asking' || visit.status === 'pending' ? null : (
            <p>{t('simulated.done')}</p>
          )}
          <Act act="leave" look="plain">
            {visit.status === 'open' ? t('simulated.goBack') : t('simulated.backTo', { merchant: visit.merchantName })}
          </Act>
        </main>
      </body>
    </html>
  );
}

function Content(props: Props) {
  const { words, visit } = props;
  const { t } = words;
  const merchant = visit.merchantName;
  const amount = amountOf(words, visit);
  if (visit.status === 'asking') return <BankQuestion {...props} />;
  if (visit.status === 'pending' && visit.transferNumber !== null) {
    return (
      <>
        <h1>{t('simulated.payTitle', { amount, merchant })}</h1>
        <section className="card">
          <p>{t('simulated.transferText', { amount, bank: 'Bank Simulasi' })}</p>
          <p className="big">{visit.transferNumber}</p>
          {visit.payBefore === null ? null : (
            <p>{t('simulated.payBefore', { time: words.time(visit.payBefore), date: words.date(visit.payBefore) })}</p>
          )}
          <Act act="paid">{t('simulated.havePaid')}</Act>
        </section>
      </>
    );
  }
  return (
    <>
      <h1>
        {visit.kind === 'add_method'
          ? t('simulated.addTitle', { merchant })
          : t('simulated.payTitle', { amount, merchant })}
      </h1>
      {visit.status === 'open' ? <Ways {...props} /> : null}
    </>
  );
}

function BankQuestion({ words, visit, method }: Props) {
  const { t } = words;
  const values = { merchant: visit.merchantName, method: method ?? t('common.methodCard') };
  return (
    <>
      <h1>{t('simulated.confirmTitle')}</h1>
      <section className="card">
        <p>
          {visit.amount === null
            ? t('simulated.confirmAdd', values)
            : t('simulated.confirmPay', { ...values, amount: amountOf(words, visit) })}
        </p>
        <Act act="confirm">{t('simulated.confirm')}</Act>
        <Act act="refuse" look="plain">
          {t('simulated.refuse')}
        </Act>
      </section>
    </>
  );
}

function Ways({ words, visit, problem, expiry }: Props) {
  const { t } = words;
  const isAdding = visit.kind === 'add_method';
  return (
    <>
      {problem === null ? null : (
        <p className="problem" role="alert">
          {problem === 'unknown_number'
            ? t('simulated.unknownNumber')
            : problem === 'unknown_phone'
              ? t('simulated.unknownPhone')
              : t('simulated.unknownExpiry', { example: expiry })}
        </p>
      )}
      <section className="card" aria-labelledby="card">
        <h2 id="card">{t('simulated.card')}</h2>
        <form method="post" autoComplete="off">
          <input type="hidden" name="act" value="card" />
          <label htmlFor="number">{t('simulated.number')}</label>
          <input id="number" name="number" inputMode="numeric" autoComplete="off" />
          <label htmlFor="expiry">{t('simulated.expiry')}</label>
          <input id="expiry" name="expiry" defaultValue={expiry} autoComplete="off" />
          <button type="submit">{isAdding ? t('simulated.saveCard') : t('simulated.payCard')}</button>
        </form>
        <details>
          <summary>{t('simulated.numbers')}</summary>
          <ul className="numbers">
            {testCards.map((card) => (
              <li key={card.number}>
                <strong>{spaced(card.number)}</strong> {card.brand}
                <br />
                <span className="quiet">
                  {t('simulated.columnSetUp')}: {playText(words, card.setUp)}. {t('simulated.columnCharge')}:{' '}
                  {playText(words, card.charge)}.
                </span>
                <form method="post">
                  <input type="hidden" name="act" value="card" />
                  <input type="hidden" name="expiry" value={expiry} />
                  <button type="submit" name="number" value={card.number} className="plain">
                    {t('simulated.useIt', { number: `…${card.number.slice(-4)}` })}
                  </button>
                </form>
              </li>
            ))}
          </ul>
        </details>
      </section>
      <section className="card" aria-labelledby="wallet">
        <h2 id="wallet">{t('simulated.wallet')}</h2>
        <form method="post" autoComplete="off">
          <input type="hidden" name="act" value="wallet" />
          <label htmlFor="brand">{t('simulated.walletBrand')}</label>
          <select id="brand" name="brand">
            {walletBrands.map((brand) => (
              <option key={brand} value={brand}>
                {words.method({ type: 'ewallet', brand, last4: null, label: null })}
              </option>
            ))}
          </select>
          <label htmlFor="phone">{t('simulated.phone')}</label>
          <select id="phone" name="phone">
            {testWallets.map(({ phone, setUp, charge }) => (
              <option key={phone} value={phone}>
                {phone} ({playText(words, isAdding ? setUp : charge)})
              </option>
            ))}
          </select>
          <button type="submit">{isAdding ? t('simulated.saveWallet') : t('simulated.payWallet')}</button>
        </form>
      </section>
      {isAdding ? null : (
        <section className="card" aria-labelledby="transfer">
          <h2 id="transfer">{t('simulated.transfer')}</h2>
          <Act act="transfer">{t('simulated.chooseTransfer')}</Act>
        </section>
      )}
      <Act act="silent" look="plain">
        {t('simulated.dontAnswer')}
      </Act>
    </>
  );
}

function Act({ act, look, children }: { act: string; look?: 'plain'; children: ReactNode }) {
  return (
    <form method="post">
      <button type="submit" name="act" value={act} className={look}>
        {children}
      </button>
    </form>
  );
}

function playText(words: Words, play: Play): string {
  return words.t('simulated.play', { play });
}

function spaced(number: string): string {
  return number.replace(/(\d{4})(?=\d)/g, '$1 ');
}

function amountOf(words: Words, { amount, currency }: SimulatedVisit): string {
  return amount === null || currency === null ? '' : words.money({ amount, currency });
}
