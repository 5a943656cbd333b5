import { type CancellationOption, owedSums } from './cancellation.ts';
import type { CertificateBody } from './certificate.ts';
import type { Customer } from './customer.ts';
import type { PlannedSubscription } from './planned-subscription.ts';
import type { Instant } from './time.ts';
import type { Workspace } from './workspace.ts';

/** What a cancellation's certificate says: the parties and the subscription as they stand now, and what was declared. */
export function certifyCancellation(
  { subscription, plan }: PlannedSubscription,
  option: CancellationOption,
  { brand, configuration }: Pick<Workspace, 'brand' | 'configuration'>,
  customer: Customer,
  receivedAt: Instant,
  locale: CertificateBody['locale'],
): CertificateBody {
  const { legalName, address, taxId, country } = brand;
  const [owed] = owedSums(option.owed ?? []);
  return {
    merchant: { brandName: brand.name, legalName, address, taxId, country },
    customer: {
      name: customer.name,
      legalName: customer.legalName,
      email: customer.email,
      address: customer.address,
      taxId: customer.taxId,
    },
    subscriptionId: subscription.id,
    planName: plan.name,
    quantity: subscription.quantity,
    declared: option.timing,
    receivedAt,
    timeZone: configuration.timeZone,
    endsAt: option.endsAt,
    owed: owed === undefined ? null : { ...owed, terms: option.owedRule },
    locale,
  };
}

/** "CC-2027-0007": the year is that of the moment of receipt in the billing zone. */
export function certificateNumber(year: number, position: number): string {
  return `CC-${year}-${String(position).padStart(4, '0')}`;
}

/** The calendar year of an instant in a zone (IANA name). */
export function yearIn(instant: Instant, timeZone: string): number {
  const format = new Intl.DateTimeFormat('en-GB', { timeZone, calendar: 'gregory', year: 'numeric' });
  return Number(format.format(instant));
}
