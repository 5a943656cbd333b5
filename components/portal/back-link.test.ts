import { describe, expect, it } from 'vitest';
import { wayBackOf } from './back-link.tsx';

const hostOf = (returnUrl: string) => wayBackOf('Kopi Senja', returnUrl).host;

describe('the host on the way back', () => {
  it('stands whole while it is short', () => {
    expect(hostOf('https://shop.example.com/account?x=1')).toBe('shop.example.com');
    expect(hostOf('http://shop.localhost:40123/account')).toBe('shop.localhost:40123');
  });

  it('loses whole labels at its left alone, and never one of its registrable name', () => {
    expect(hostOf('https://a-rather-long-subdomain.of-a-merchant.shop.example.com/')).toBe(
      '…of-a-merchant.shop.example.com',
    );
    const long = 'the-very-long-registrable-name-of-one-merchant';
    expect(hostOf(`https://accounts.${long}.com/`)).toBe(`…${long}.com`);
    expect(hostOf(`https://accounts.${long}.co.id/`)).toBe(`…${long}.co.id`);
    expect(hostOf(`https://${long}.co.id/`)).toBe(`${long}.co.id`);
    expect(hostOf(`https://${long}.com/`)).toBe(`${long}.com`);
  });
});
