import { describe, expect, it } from 'vitest';
import { judgeArrival } from './link.ts';

function arrive(headers: Record<string, string>): Request {
  return new Request('http://localhost/p/x', { headers });
}

const navigation = { 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' };

describe('how a link is opened', () => {
  it.each(['cross-site', 'same-site', 'same-origin'])('a navigation from a %s page is warm', (site) => {
    expect(judgeArrival(arrive({ ...navigation, 'sec-fetch-site': site }))).toBe('warm');
  });

  it('typed, pasted, from an app, or by a client that says nothing, it is cold', () => {
    expect(judgeArrival(arrive({ ...navigation, 'sec-fetch-site': 'none' }))).toBe('cold');
    expect(judgeArrival(arrive({}))).toBe('cold');
    expect(judgeArrival(arrive({ 'sec-fetch-site': 'cross-site' }))).toBe('cold');
  });

  it.each([
    { 'sec-purpose': 'prefetch' },
    { 'sec-purpose': 'prefetch;prerender' },
    { purpose: 'prefetch' },
    { 'x-moz': 'prefetch' },
  ])('whatever looks ahead (%o) is a machine, even with the headers of a navigation', (purpose) => {
    expect(judgeArrival(arrive({ ...navigation, 'sec-fetch-site': 'cross-site', ...purpose }))).toBe('machine');
  });

  it.each([
    { 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'image' },
    { 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'iframe' },
    { 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'object' },
    { 'sec-fetch-mode': 'cors', 'sec-fetch-dest': 'empty' },
  ])('an image, a frame or a fetch (%o) is embedded', (headers) => {
    expect(judgeArrival(arrive({ 'sec-fetch-site': 'cross-site', ...headers }))).toBe('embedded');
  });
});
