/** Languages that are whole: no string missing. */
export const locales = ['en', 'id'] as const;

export type Locale = (typeof locales)[number];

/** Each language by its own name, for the switch. */
export const localeNames: Readonly<Record<Locale, string>> = { en: 'English', id: 'Bahasa Indonesia' };

/** Reads a language tag ("id-ID", "EN"); a region we do not have falls to its base; unknown tags are null. */
export function readLocale(tag: string | null | undefined): Locale | null {
  const base = tag?.trim().toLowerCase().split(/[-_]/)[0];
  // "in" is the old code of Indonesian, still sent by some phones.
  const name = base === 'in' ? 'id' : base;
  return locales.find((one) => one === name) ?? null;
}

/** The first language of an Accept-Language header that we have, by weight, or null. Never throws. */
export function readAcceptLanguage(header: string | null): Locale | null {
  const wanted = (header ?? '')
    .slice(0, 500)
    .split(',')
    .map((part, order) => {
      const [tag, ...parameters] = part.split(';');
      const weight = parameters.map((one) => /^\s*q=([\d.]+)/.exec(one)?.[1]).find((one) => one !== undefined);
      return { locale: readLocale(tag), weight: weight === undefined ? 1 : Number(weight), order };
    })
    .filter((one) => one.locale !== null && one.weight > 0)
    .sort((a, b) => b.weight - a.weight || a.order - b.order);
  return wanted[0]?.locale ?? null;
}

/**
 * The language of a page: the buyer's switch, else the customer's own, else (with "auto") the browser's, else the
 * workspace's, else English. A bad or unknown tag falls on; it is never an error.
 */
export function chooseLocale(from: {
  switched: string | null;
  customer: string | null;
  workspaceDefault: 'auto' | Locale;
  acceptLanguage: string | null;
}): Locale {
  const browser = from.workspaceDefault === 'auto' ? readAcceptLanguage(from.acceptLanguage) : from.workspaceDefault;
  return readLocale(from.switched) ?? readLocale(from.customer) ?? browser ?? 'en';
}

/** The language of a document: the customer's own, else the workspace's, else English. */
export function documentLocale(customer: string | null | undefined, workspaceDefault: 'auto' | Locale): Locale {
  return readLocale(customer) ?? readLocale(workspaceDefault) ?? 'en';
}
