import type { BillingRecord } from '@/lib/domain/billing-record.ts';
import type { Instant } from '@/lib/domain/time.ts';
import { addInterval, dayMs, hourMs } from '@/lib/domain/time.ts';
import type { Messages } from '@/lib/i18n/words.ts';
import type { BuyerBuilder } from './buyer-builder.ts';
import { startBuyer } from './buyer-builder.ts';
import type { SamplePlan } from './sample-plans.ts';
import { samplePlans as plans } from './sample-plans.ts';

/** Somebody to look at the portal as. `build` makes the same data for the same `now`. */
export type SampleBuyer = {
  /** Names them in addresses and ids; their title and what they show are the words `preview.buyers.<slug>`. */
  readonly slug: keyof Messages['preview']['buyers'];
  build(now: Instant): BillingRecord[];
  /** Cancels what is running, as a buyer does, once the records are in: with certificate, audit line and events. */
  readonly cancels?: true;
};

export const sampleBuyers: readonly SampleBuyer[] = [
  {
    slug: 'active',
    build: buildActive,
  },
  { slug: 'trial', build: buildTrial },
  {
    slug: 'past-due',
    build: buildPastDue,
  },
  {
    slug: 'three',
    build: buildThree,
  },
  {
    slug: 'cancelling',
    build: buildCancelling,
    cancels: true,
  },
  { slug: 'nothing', build: buildNothing },
  {
    slug: 'contract',
    build: buildContract,
  },
  { slug: 'wallet', build: buildWallet },
  {
    slug: 'usd',
    build: buildUsd,
  },
  {
    slug: 'long',
    build: buildLong,
  },
  { slug: 'rtl', build: buildRightToLeft },
  {
    slug: 'amounts',
    build: buildAmounts,
  },
];

export function findSampleBuyer(slug: string): SampleBuyer | null {
  return sampleBuyers.find((buyer) => buyer.slug === slug) ?? null;
}

function buildActive(now: Instant): BillingRecord[] {
  const buyer = startBuyer('active', 1, now, {
    name: 'Dewi Lestari',
    email: 'dewi@example.com',
    phone: '+62 812 5550 112',
    address: 'Jl. Kemang Raya 8\nJakarta Selatan 12730',
    createdAt: addInterval(now, 'month', -15),
  });
  buyer.method('visa', { brand: 'visa', last4: '4242', ...expiryIn(now, 26), isDefault: true });
  const invoices = monthsOf(buyer, 'main', plans.roaster, now, 14, 'visa');
  const last = invoices.at(-2);
  if (last !== undefined) buyer.refund(last, plans.roaster, 50_000, now - 20 * dayMs);
  return buyer.finish();
}

function buildTrial(now: Instant): BillingRecord[] {
  const buyer = startBuyer('trial', 2, now, {
    name: 'Sari Wulandari',
    email: 'sari@example.com',
    createdAt: now - 11 * dayMs,
  });
  const trialEnd = now + 3 * dayMs - hourMs;
  buyer.subscription('main', plans.roaster, {
    status: 'trialing',
    startedAt: now - 11 * dayMs,
    currentPeriodStart: now - 11 * dayMs,
    currentPeriodEnd: trialEnd,
    trialEnd,
  });
  return buyer.finish();
}

function buildPastDue(now: Instant): BillingRecord[] {
  const buyer = startBuyer('past-due', 3, now, { name: 'Budi Santoso', email: 'budi@example.com' });
  const start = now - 4 * dayMs;
  const ends = lastMonthBefore(addInterval(start, 'month', 1), now);
  buyer.method('mastercard', {
    brand: 'mastercard',
    last4: '0119',
    ...ends,
    isDefault: true,
    play: 'not_enough_money',
  });
  buyer.subscription('main', plans.office, {
    status: 'past_due',
    quantity: 3,
    startedAt: addInterval(start, 'month', -5),
    currentPeriodStart: start,
  });
  for (let back = 5; back >= 1; back -= 1) {
    buyer.invoice('main', plans.office, addInterval(start, 'month', -back), { quantity: 3, method: 'mastercard' });
  }
  buyer.invoice('main', plans.office, start, {
    quantity: 3,
    method: 'mastercard',
    status: 'open',
    refusal: 'not_enough_money',
    nextAttemptAt: now + 2 * dayMs,
  });
  return buyer.finish();
}

function buildThree(now: Instant): BillingRecord[] {
  const buyer = startBuyer('three', 4, now, { name: 'Rina Hartono', email: 'rina@example.com' });
  buyer.method('visa', { brand: 'visa', last4: '1881', ...expiryIn(now, 18), isDefault: true });
  const wallet = buyer.method('gopay', { type: 'ewallet', brand: 'gopay', label: '0812•••89' });
  const discount = { label: 'Welcome', amount: 25_000, until: addInterval(now, 'month', 5) };
  const club = now - 10 * dayMs;
  buyer.subscription('club', plans.roaster, {
    startedAt: addInterval(club, 'month', -1),
    currentPeriodStart: club,
    discount,
  });
  buyer.invoice('club', plans.roaster, addInterval(club, 'month', -1), { method: 'visa', discount });
  buyer.invoice('club', plans.roaster, club, { method: 'visa', discount });
  const pass = addInterval(now + 40 * dayMs, 'year', -1);
  const passEnd = addInterval(pass, 'year', 1);
  buyer.subscription('pass', plans.tasting, {
    currentPeriodStart: pass,
    cancelAt: passEnd,
    canceledAt: now - 3 * dayMs,
    canceledReason: 'customer_portal',
    defaultPaymentTokenId: wallet,
    updatedAt: now - 3 * dayMs,
  });
  buyer.invoice('pass', plans.tasting, pass, { method: 'gopay' });
  // Paused when the paid time was over, as the portal pauses.
  const pausedAt = now - 10 * dayMs;
  const abroad = addInterval(pausedAt, 'month', -1);
  buyer.subscription('abroad', plans.abroad, {
    status: 'paused',
    startedAt: addInterval(abroad, 'month', -1),
    currentPeriodStart: abroad,
    currentPeriodEnd: pausedAt,
    pausedAt,
    resumeAt: now + 20 * dayMs,
    updatedAt: pausedAt,
  });
  buyer.invoice('abroad', plans.abroad, addInterval(abroad, 'month', -1), { method: 'visa' });
  buyer.invoice('abroad', plans.abroad, abroad, { method: 'visa' });
  return buyer.finish();
}

function buildCancelling(now: Instant): BillingRecord[] {
  const buyer = startBuyer('cancelling', 5, now, { name: 'Agus Wijaya', email: 'agus@example.com' });
  buyer.method('visa', { brand: 'visa', last4: '4242', ...expiryIn(now, 30), isDefault: true });
  const start = addInterval(now + 9 * dayMs, 'month', -1);
  buyer.subscription('main', plans.roaster, {
    startedAt: addInterval(start, 'month', -3),
    currentPeriodStart: start,
    currentPeriodEnd: addInterval(start, 'month', 1),
  });
  for (let back = 3; back >= 0; back -= 1) {
    buyer.invoice('main', plans.roaster, addInterval(start, 'month', -back), { method: 'visa' });
  }
  const old = addInterval(now, 'month', -8);
  const ended = addInterval(old, 'month', 1);
  buyer.subscription('old', plans.office, {
    status: 'canceled',
    currentPeriodStart: old,
    canceledAt: ended,
    endedAt: ended,
    canceledReason: 'merchant',
    updatedAt: ended,
  });
  buyer.invoice('old', plans.office, old, { status: 'void' });
  return buyer.finish();
}

function buildNothing(now: Instant): BillingRecord[] {
  return startBuyer('nothing', 6, now, {
    name: 'Nina Putri',
    email: 'nina@example.com',
    createdAt: now - dayMs,
  }).finish();
}

function buildContract(now: Instant): BillingRecord[] {
  const buyer = startBuyer('contract', 7, now, {
    name: 'Warung Sudirman',
    email: 'billing@warung.example',
    legalName: 'CV Warung Sudirman Jaya',
    address: 'Jl. Jenderal Sudirman 45\nJakarta 10220',
    taxId: '02.345.678.9-012.000',
  });
  buyer.method('visa', { brand: 'visa', last4: '0341', ...expiryIn(now, 14), isDefault: true });
  monthsOf(buyer, 'main', plans.contract, now, 3, 'visa', 4);
  return buyer.finish();
}

function buildWallet(now: Instant): BillingRecord[] {
  const buyer = startBuyer('wallet', 8, now, {
    name: 'Joko Prasetyo',
    email: 'joko@example.com',
    phone: '0812 5550 189',
  });
  buyer.method('gopay', { type: 'ewallet', brand: 'gopay', label: '0812•••89', isDefault: true });
  monthsOf(buyer, 'main', plans.roaster, now, 4, 'gopay');
  return buyer.finish();
}

function buildUsd(now: Instant): BillingRecord[] {
  const buyer = startBuyer('usd', 9, now, {
    name: 'Emma Clarke',
    email: 'emma@example.com',
    address: '1200 Pine Street, Apt 4B\nSeattle, WA 98101\nUnited States',
    metadata: { locale: 'en' },
  });
  buyer.method('amex', {
    brand: 'amex',
    last4: '0005',
    ...expiryIn(now, 20),
    isDefault: true,
    play: 'unsaid',
  });
  monthsOf(buyer, 'main', plans.abroad, now, 3, 'amex');
  return buyer.finish();
}

function buildLong(now: Instant): BillingRecord[] {
  const buyer = startBuyer('long', 10, now, {
    name: 'Raden Mas Bambang Soesilo Adiwinata Kusumadiningrat ☕️🌅',
    email: 'raden.mas.bambang.soesilo.adiwinata.kusumadiningrat+billing@a-rather-long-subdomain.example.com',
    // 120 letters.
    legalName:
      'Perkumpulan Koperasi Produsen dan Pemasaran Kopi Spesialti Dataran Tinggi Gayo Mandailing Toraja Kintamani dan Wamena PT',
    address: [
      'Gedung Menara Kopi Nusantara 🏢',
      'Lantai 37, Unit 3701–3708',
      'Up. Bagian Keuangan dan Penagihan',
      'Kompleks Perkantoran Bumi Serpong Damai',
      'Jl. Pahlawan Seribu Kavling Komersial 88A',
      'RT 012 / RW 034',
      'Kelurahan Lengkong Gudang Timur',
      'Kecamatan Serpong',
      'Kota Tangerang Selatan',
      'Provinsi Banten 15321',
      'Republik Indonesia 🇮🇩',
      'Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch',
    ].join('\n'),
  });
  buyer.method('visa', { brand: 'visa', last4: '9995', ...expiryIn(now, 11), isDefault: true });
  monthsOf(buyer, 'main', plans.long, now, 2, 'visa');
  return buyer.finish();
}

function buildRightToLeft(now: Instant): BillingRecord[] {
  const buyer = startBuyer('rtl', 11, now, {
    name: 'ليلى الحسن',
    email: 'layla@example.com',
    legalName: 'شركة قهوة الغروب 2024 ذ.م.م',
    address: 'شارع الملك فهد 12، مبنى B7\nالرياض 11564',
    phone: '+966 11 555 0100',
  });
  buyer.method('mastercard', { brand: 'mastercard', last4: '4444', ...expiryIn(now, 22), isDefault: true });
  monthsOf(buyer, 'main', plans.arabic, now, 3, 'mastercard');
  return buyer.finish();
}

function buildAmounts(now: Instant): BillingRecord[] {
  const buyer = startBuyer('amounts', 12, now, { name: 'Maya Kusuma', email: 'maya@example.com' });
  buyer.method('visa', { brand: 'visa', last4: '4242', ...expiryIn(now, 40), isDefault: true });
  monthsOf(buyer, 'penny', plans.penny, now, 1, 'visa');
  monthsOf(buyer, 'estate', plans.estate, now, 1, 'visa');
  monthsOf(buyer, 'abroad', plans.abroad, now, 1, 'visa');
  return buyer.finish();
}

/** A running monthly subscription with its invoices of `count` months, the newest 12 days old; ids, oldest first. */
function monthsOf(
  buyer: BuyerBuilder,
  slug: string,
  plan: SamplePlan,
  now: Instant,
  count: number,
  method: string,
  quantity = 1,
): string[] {
  const start = now - 12 * dayMs;
  const startedAt = addInterval(start, 'month', 1 - count);
  buyer.subscription(slug, plan, { quantity, startedAt, currentPeriodStart: start });
  return Array.from({ length: count }, (_, at) =>
    buyer.invoice(slug, plan, addInterval(start, 'month', at + 1 - count), { method, quantity }),
  );
}

/** The expiry of a card that lasts `months` more. */
function expiryIn(now: Instant, months: number): { expMonth: number; expYear: number } {
  return monthOf(addInterval(now, 'month', months));
}

/** The expiry of a card that is good today and ends before `payment`, where a month's end lies between; else this month. */
function lastMonthBefore(payment: Instant, now: Instant): { expMonth: number; expYear: number } {
  const before = monthOf(addInterval(payment, 'month', -1));
  const today = monthOf(now);
  const isPast = before.expYear * 12 + before.expMonth < today.expYear * 12 + today.expMonth;
  return isPast ? today : before;
}

function monthOf(instant: Instant): { expMonth: number; expYear: number } {
  const date = new Date(instant);
  return { expMonth: date.getUTCMonth() + 1, expYear: date.getUTCFullYear() };
}
