import { describe, expect, it } from 'vitest';
import { containsCardNumber } from '@/lib/domain/card-number.ts';
import { minuteMs } from '@/lib/domain/time.ts';
import { readSignedNotification, signatureHeader, signNotification } from './signed-notification.ts';
import { findTestCard, findTestWallet, fingerprintOfLooks, playOfImportedToken, testCards } from './test-numbers.ts';

const now = Date.UTC(2026, 2, 3, 8);
const roots = new Map([[1, new Uint8Array(32).fill(7)]]);
const bodyOf = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));
const body = bodyOf({ id: 'simev_abcdefgh', about: 'visit', reference: 'visit-1' });
const signed = (bytes: Uint8Array, at = now, keys = roots) =>
  new Headers({ [signatureHeader]: signNotification(keys, bytes, at) });

describe('test numbers', () => {
  it('are card numbers by their check digit, each once', () => {
    for (const { number } of testCards) expect(containsCardNumber(number), number).toBe(true);
    expect(new Set(testCards.map(({ number }) => number)).size).toBe(testCards.length);
  });

  it('cover every brand, every reason of a refusal and every way to wait', () => {
    expect(new Set(testCards.map(({ brand }) => brand))).toEqual(new Set(['visa', 'mastercard', 'amex', 'jcb', 'gpn']));
    const plays = new Set(testCards.flatMap(({ setUp, charge }) => [setUp, charge]));
    for (const play of [
      'not_enough_money',
      'expired',
      'over_limit',
      'wrong_details',
      'not_allowed',
      'blocked',
      'unsaid',
      'provider_problem',
      'asks',
      'pending_succeeds',
      'pending_fails',
      'silent',
      'succeeds',
    ] as const) {
      expect(plays, play).toContain(play);
    }
  });

  it('are found however they are typed, and nothing else is taken', () => {
    expect(findTestCard(' 4242-4242 4242 4242 ')?.brand).toBe('visa');
    expect(findTestCard('4111111111111111')).toBeNull();
    expect(findTestWallet('+62 812-0000-0001')?.charge).toBe('succeeds');
    expect(findTestWallet('081299999999')).toBeNull();
  });

  it('no two cards look alike, so that brand and ending can stand for the card', () => {
    const looks = testCards.map(({ brand, number }) =>
      fingerprintOfLooks({ brand, last4: number.slice(-4), label: null }),
    );
    expect(new Set(looks).size).toBe(testCards.length);
  });

  it('tokens brought along play the part they name', () => {
    expect(playOfImportedToken('simtok_pending_succeeds_dewi')).toBe('pending_succeeds');
    expect(playOfImportedToken('simtok_not_enough_money_budi')).toBe('not_enough_money');
    expect(playOfImportedToken('simtok_sample_active_visa')).toBe('succeeds');
    expect(playOfImportedToken('tok_visa')).toBeNull();
  });
});

describe('notifications', () => {
  it('are read when the provider signed them', () => {
    expect(readSignedNotification(roots, body, signed(body), now)).toEqual({
      ok: true,
      value: { id: 'simev_abcdefgh', about: { kind: 'visit', providerReference: 'visit-1' } },
    });
  });

  it('are refused when a byte, the time or the key is another one', () => {
    const tampered = bodyOf({ id: 'simev_abcdefgh', about: 'visit', reference: 'visit-2' });
    const other = new Map([[1, new Uint8Array(32).fill(8)]]);
    const late = new Headers({
      [signatureHeader]: signNotification(roots, body, now).replace(/^t=\d+/, `t=${now / 1_000 + 60}`),
    });
    for (const headers of [signed(body), new Headers(), new Headers({ [signatureHeader]: 't=1,v1=00' })]) {
      expect(readSignedNotification(roots, tampered, headers, now)).toMatchObject({
        failure: { code: 'invalid_signature' },
      });
    }
    expect(readSignedNotification(roots, body, late, now)).toMatchObject({ failure: { code: 'invalid_signature' } });
    expect(readSignedNotification(other, body, signed(body), now)).toMatchObject({
      failure: { code: 'invalid_signature' },
    });
  });

  it('are refused when they are old, and still read under an older key', () => {
    expect(readSignedNotification(roots, body, signed(body, now - 6 * minuteMs), now)).toMatchObject({
      failure: { code: 'timestamp_skew' },
    });
    const rotated = new Map([...roots, [2, new Uint8Array(32).fill(9)]]);
    expect(readSignedNotification(rotated, body, signed(body), now).ok).toBe(true);
  });

  it('without sense are refused after the signature', () => {
    for (const text of [bodyOf([]), bodyOf({ id: 'x' }), new TextEncoder().encode('no json'), bodyOf(null)]) {
      expect(readSignedNotification(roots, text, signed(text), now)).toMatchObject({
        failure: { code: 'validation_error' },
      });
    }
  });
});
