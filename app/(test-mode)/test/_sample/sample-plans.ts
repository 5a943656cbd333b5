import type { PlanRecord, PriceRecord } from '@/lib/domain/billing-record.ts';
import type { Currency } from '@/lib/domain/money.ts';
import type { Instant, Interval } from '@/lib/domain/time.ts';

/** What a sample subscription is of: the name, its only price, and what a buyer may do with it. */
export type SamplePlan = {
  readonly slug: string;
  readonly name: string;
  readonly description: string | null;
  readonly interval: Interval;
  readonly currency: Currency;
  readonly unitAmount: number;
  readonly taxMode: 'exclusive' | 'inclusive';
  readonly trialDays: number;
  readonly selfServeCancel: boolean;
  /** One line each of what a buyer loses by leaving. */
  readonly includes: readonly string[];
};

const monthly = {
  description: null,
  interval: 'month',
  currency: 'IDR',
  taxMode: 'exclusive',
  trialDays: 0,
  selfServeCancel: true,
  includes: [],
} as const;

export const samplePlans = {
  roaster: {
    ...monthly,
    slug: 'roaster',
    name: 'Roaster Club',
    description: 'Two bags of beans every month.',
    unitAmount: 149_000,
    trialDays: 14,
    includes: ['Two bags of beans every month', 'Free delivery in Java and Bali', 'Members’ price on equipment'],
  },
  office: {
    ...monthly,
    slug: 'office',
    name: 'Office Barista',
    description: 'Beans and a weekly visit for each floor.',
    unitAmount: 99_000,
    includes: ['A barista once a week', 'Beans for ten people a floor'],
  },
  tasting: {
    ...monthly,
    slug: 'tasting',
    name: 'Tasting Pass',
    description: 'Every cupping at the roastery for a year.',
    interval: 'year',
    unitAmount: 1_490_000,
    includes: ['Twelve cuppings', 'One guest each time'],
  },
  abroad: {
    ...monthly,
    slug: 'abroad',
    name: 'Beans Abroad',
    description: 'One bag a month, shipped worldwide.',
    currency: 'USD',
    unitAmount: 2_490,
    includes: ['One bag of beans every month', 'Shipping worldwide'],
  },
  contract: {
    ...monthly,
    slug: 'contract',
    name: 'Café Contract',
    description: 'Twelve months of supply for cafés; ends by agreement.',
    unitAmount: 2_500_000,
    selfServeCancel: false,
    includes: ['Ten kilos of beans every month', 'Machine service'],
  },
  long: {
    ...monthly,
    slug: 'long',
    name: 'Single-Origin Micro-Lot Discovery Club with Grinder Care Pro',
    unitAmount: 389_000,
    includes: [
      'A very long list of things that stand on one line and still have to break somewhere sensible on a phone',
    ],
  },
  arabic: {
    ...monthly,
    slug: 'arabic',
    name: 'نادي القهوة Premium 24',
    unitAmount: 199_000,
    includes: ['كيسان من حبوب البن كل شهر', 'توصيل مجاني 24/7'],
  },
  penny: { ...monthly, slug: 'penny', name: 'One Rupiah Club', unitAmount: 1, taxMode: 'inclusive' },
  estate: { ...monthly, slug: 'estate', name: 'Estate Share', unitAmount: 9_999_999_999, taxMode: 'inclusive' },
} as const satisfies Record<string, SamplePlan>;

/** All sample plans with their prices, as they come in. They look the same whenever they are loaded. */
export function samplePlanRecords(): PlanRecord[] {
  return Object.values(samplePlans).map(planRecord);
}

export function planId(plan: SamplePlan): string {
  return `pln_sample_${plan.slug}`;
}

export function priceId(plan: SamplePlan): string {
  return `prc_sample_${plan.slug}`;
}

const made: Instant = Date.UTC(2025, 0, 5, 2, 30);

function planRecord(plan: SamplePlan): PlanRecord {
  return {
    object: 'plan',
    id: planId(plan),
    name: plan.name,
    description: plan.description,
    interval: plan.interval,
    intervalCount: 1,
    trialDays: plan.trialDays,
    prices: [priceRecord(plan)],
    usageAggregate: null,
    meteredUnit: null,
    portalFeatures: {
      selfServeCancel: plan.selfServeCancel,
      selfServePause: false,
      selfServeUpgrade: false,
      selfServeDowngrade: false,
      updatePaymentMethod: true,
    },
    dunningPolicyId: null,
    active: true,
    archivedAt: null,
    metadata: plan.includes.length === 0 ? null : { includes: plan.includes.join('\n') },
    createdAt: made,
    updatedAt: made,
  };
}

function priceRecord(plan: SamplePlan): PriceRecord {
  return {
    object: 'price',
    id: priceId(plan),
    planId: planId(plan),
    currency: plan.currency,
    model: 'flat',
    unitAmount: plan.unitAmount,
    tiers: null,
    taxMode: plan.taxMode,
    active: true,
    createdAt: made,
  };
}
