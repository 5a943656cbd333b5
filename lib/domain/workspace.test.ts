import { expect, it } from 'vitest';
import { completeConfiguration, contactOf } from './workspace.ts';

it('the merchant’s help page comes before its support, and its support before its business email', () => {
  const contact = (supportUrl: string | null, supportEmail: string | null, email: string | null) =>
    contactOf({ configuration: { ...completeConfiguration, supportUrl, supportEmail }, brand: { email } });
  expect(contact('https://shop.example/help', 'help@shop.example', 'shop@shop.example')).toBe(
    'https://shop.example/help',
  );
  expect(contact(null, 'help@shop.example', 'shop@shop.example')).toBe('mailto:help@shop.example');
  expect(contact(null, null, 'shop@shop.example')).toBe('mailto:shop@shop.example');
  expect(contact(null, null, null)).toBeNull();
});
