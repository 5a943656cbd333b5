import { expect, it } from 'vitest';
import { readPictureUrl, readUploadName, uploadName, uploadUrl } from './upload.ts';

const origin = 'https://billing.example.com';
const name = uploadName('0123456789abcdef'.repeat(4), 'image/png');
const logoPath = `/logo/${'a'.repeat(64)}`;

it('an upload is found by its address, relative or whole, under both prefixes', () => {
  expect(readUploadName(name)).toBe(name);
  for (const url of [uploadUrl(name), `/v1/files/${name}`, origin + uploadUrl(name)]) {
    expect(readPictureUrl(url, origin)).toEqual({ upload: name });
  }
  for (const url of [logoPath, origin + logoPath]) expect(readPictureUrl(url, origin)).toEqual({ logoPath });
});

it.each([
  'https://elsewhere.example.com/logo.png',
  `https://elsewhere.example.com/api/v1/files/${name}`,
  `${origin}.elsewhere.example.com/api/v1/files/${name}`,
  `//elsewhere.example.com/api/v1/files/${name}`,
  `/api/v1/files/../${name}`,
  '/api/v1/files/logo-7c1d.png',
  `/api/v1/files/${name}?x=1`,
  `/api/v1/files/${name}\n`,
  'data:image/png;base64,AAAA',
  'javascript:alert(1)',
  '',
])('%j is no picture of this host', (url) => {
  expect(readPictureUrl(url, origin)).toBeNull();
});
