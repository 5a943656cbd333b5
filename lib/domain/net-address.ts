/**
 * Addresses nothing is sent to: this host, its link, private networks, metadata services, documentation, multicast and
 * everything reserved. IANA special-purpose registries; 168.63.129.16 is a cloud's own service on a public number.
 */
const refusedIpv4: readonly (readonly [string, number])[] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['168.63.129.16', 32],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
];

/** Of IPv6 only 2000::/3 is the public network, and of that not these: tunnels that lead to any IPv4 address, documentation. */
const refusedIpv6: readonly (readonly [string, number])[] = [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
];

/** Is this IP address, as text, one of the public network? Text that is no address is not. */
export function isPublicAddress(text: string): boolean {
  const ipv4 = readIpv4(text);
  if (ipv4 !== null) return !refusedIpv4.some(([range, bits]) => isWithin(ipv4, readIpv4(range), bits));
  const ipv6 = readIpv6(text);
  if (ipv6 === null) return false;
  // The translation prefix of networks without IPv4: it is as public as the address it holds.
  if (isWithin(ipv6, readIpv6('64:ff9b::'), 96)) return isPublicAddress(ipv6.slice(12).join('.'));
  if (!isWithin(ipv6, readIpv6('2000::'), 3)) return false;
  return !refusedIpv6.some(([range, bits]) => isWithin(ipv6, readIpv6(range), bits));
}

/** Is this IP address, as text, one of this host itself: 127.0.0.0/8 or ::1? */
export function isLoopbackAddress(text: string): boolean {
  return isWithin(readIpv4(text), readIpv4('127.0.0.0'), 8) || isWithin(readIpv6(text), readIpv6('::1'), 128);
}

/** Is this text an IP address at all, in its usual form? */
export function isAddress(text: string): boolean {
  return readIpv4(text) !== null || readIpv6(text) !== null;
}

type Bytes = readonly number[];

function isWithin(address: Bytes | null, range: Bytes | null, bits: number): boolean {
  if (address === null || range === null || address.length !== range.length) return false;
  return address.every((byte, at) => {
    const kept = Math.min(8, Math.max(0, bits - 8 * at));
    const mask = (0xff << (8 - kept)) & 0xff;
    return (byte & mask) === ((range[at] ?? 0) & mask);
  });
}

/** Four decimal numbers without leading zeros; every other spelling is none. */
function readIpv4(text: string): Bytes | null {
  const parts = text.split('.');
  if (parts.length !== 4 || !parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) <= 255)) return null;
  return parts.map(Number);
}

/** Sixteen bytes of an IPv6 address, its end in IPv4 form too; without a zone. */
function readIpv6(text: string): Bytes | null {
  if (!/^[0-9a-fA-F:.]{2,45}$/.test(text)) return null;
  const halves = text.split('::');
  if (halves.length > 2) return null;
  const [head, tail] = [readGroups(halves[0] ?? ''), readGroups(halves[1] ?? '')];
  if (head === null || tail === null) return null;
  const missing = 16 - head.length - tail.length;
  if (halves.length === 1) return missing === 0 ? head : null;
  return missing >= 2 ? [...head, ...Array<number>(missing).fill(0), ...tail] : null;
}

function readGroups(text: string): Bytes | null {
  if (text === '') return [];
  const bytes: number[] = [];
  const groups = text.split(':');
  for (const [at, group] of groups.entries()) {
    const ipv4 = at === groups.length - 1 ? readIpv4(group) : null;
    if (ipv4 !== null) bytes.push(...ipv4);
    else if (/^[0-9a-fA-F]{1,4}$/.test(group))
      bytes.push(Number.parseInt(group, 16) >> 8, Number.parseInt(group, 16) & 255);
    else return null;
  }
  return bytes;
}
