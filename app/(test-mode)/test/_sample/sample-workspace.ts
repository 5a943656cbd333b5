import type { WorkspaceId } from '@/lib/domain/ids.ts';
import { readId } from '@/lib/domain/ids.ts';
import type { WorkspaceScope } from '@/lib/domain/viewer.ts';
import type { BrandSettings, ConfigurationSettings } from '@/lib/domain/workspace-settings.ts';

/** The sample shop: a coffee roaster in Bandung that bills in rupiah, with 11 % PPN. */
export const sampleName = 'Kopi Senja';

const sampleWorkspaceId = 'acc_sample_kopi_senja' as const;

/** Where all sample data lies: its own workspace, in test mode. */
export const sampleScope: WorkspaceScope & { readonly mode: 'test' } = { workspaceId: readSampleId(), mode: 'test' };

/** A sample buyer's id is this and the slug. */
export const sampleCustomerPrefix = 'cus_sample_';

function readSampleId(): WorkspaceId {
  const id = readId<'workspace'>(sampleWorkspaceId);
  if (id === null) throw new Error('The id of the sample workspace is no id.');
  return id;
}

export const sampleBrand: BrandSettings = {
  name: sampleName,
  accentColor: '#7A4B2A',
  legalName: 'PT Kopi Senja Nusantara',
  address: 'Jl. Braga 12, Bandung 40111, Indonesia',
  taxId: '01.234.567.8-901.000',
  email: 'halo@kopisenja.example',
  phone: '+62 22 555 0112',
  country: 'ID',
  receipt: {
    showTax: true,
    taxLabel: 'PPN',
    taxRateBasisPoints: 1_100,
    thankYouText: 'Terima kasih! Thank you!',
    footerText: 'Freshly roasted every Tuesday.',
  },
};

export const sampleConfiguration: ConfigurationSettings = {
  timeZone: 'Asia/Jakarta',
  supportEmail: 'halo@kopisenja.example',
  supportUrl: 'https://kopisenja.example/help',
  privacyUrl: 'https://kopisenja.example/privacy',
  termsUrl: 'https://kopisenja.example/terms',
  subscribeAgainUrl: 'https://kopisenja.example/plans',
  cancel: {
    timing: ['period_end', 'now'],
    disabledMessage: 'A café contract ends by agreement. Write to us, and we agree on a day within the week.',
  },
};
