/** Schemas for addresses and ids: `uuid`, `inet`, `cidr`, `macaddr` and `macaddr8`. */
import { canonicalText, type Reading } from './canonical-text.ts';
import type * as z from './zod.ts';

export function uuidText(): z.ZodString {
  return canonicalText(NOT_A_UUID, (text) =>
    /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i.test(text) ? text.toLowerCase() : { refused: NOT_A_UUID },
  );
}

/** A host, with or without a prefix length: `192.168.0.1/24`, `2001:db8::1`. */
export function inetText(): z.ZodString {
  return canonicalText(NOT_AN_ADDRESS, (text) => {
    const address = parseAddress(text);
    if (address === undefined) return { refused: NOT_AN_ADDRESS };
    const { bytes, prefixLength } = address;
    return prefixLength === bytes.length * 8 ? formatAddress(bytes) : `${formatAddress(bytes)}/${prefixLength}`;
  });
}

/** A network: `192.168.0.0/24`. */
export function cidrText(): z.ZodString {
  return canonicalText(NOT_A_NETWORK, (text) => {
    const address = parseAddress(text);
    if (address === undefined) return { refused: NOT_A_NETWORK };
    const { bytes, prefixLength } = address;
    return hasHostBits(bytes, prefixLength)
      ? { refused: 'Not a network: bits after the prefix are set' }
      : `${formatAddress(bytes)}/${prefixLength}`;
  });
}

/** @param bytes 6, or 8 for `macaddr8`. */
export function macText(bytes: 6 | 8): z.ZodString {
  const notAMac = `Not a MAC address such as ${'08:00:2b:01:02:03:04:05'.slice(0, bytes * 3 - 1)}`;
  const form = new RegExp(String.raw`^[\da-f]{2}([:-])[\da-f]{2}(?:\1[\da-f]{2}){${bytes - 2}}$`, 'i');
  return canonicalText(notAMac, (text): Reading =>
    form.test(text) ? text.toLowerCase().replaceAll('-', ':') : { refused: notAMac },
  );
}

const NOT_A_UUID = 'Not a UUID';
const NOT_AN_ADDRESS = 'Not an IP address';
const NOT_A_NETWORK = 'Not a network such as 192.168.0.0/24';

interface Address {
  /** 4 bytes for IPv4, 16 bytes for IPv6. */
  readonly bytes: readonly number[];
  /** In bits. */
  readonly prefixLength: number;
}

function parseAddress(text: string): Address | undefined {
  const [host = '', prefix, ...more] = text.split('/');
  const bytes = host.includes(':') ? parseIpv6(host) : parseIpv4(host);
  if (bytes === undefined || more.length > 0) return undefined;
  if (prefix === undefined) return { bytes, prefixLength: bytes.length * 8 };
  const isPrefixLength = /^(?:0|[1-9]\d{0,2})$/.test(prefix) && Number(prefix) <= bytes.length * 8;
  return isPrefixLength ? { bytes, prefixLength: Number(prefix) } : undefined;
}

function parseIpv4(text: string): number[] | undefined {
  const fields = text.split('.');
  const isAddress =
    fields.length === 4 && fields.every((field) => /^(?:0|[1-9]\d{0,2})$/.test(field) && Number(field) < 256);
  return isAddress ? fields.map(Number) : undefined;
}

function parseIpv6(text: string): number[] | undefined {
  const [head = '', tail, ...more] = text.split('::');
  if (more.length > 0) return undefined;
  const first = parseGroups(head, tail === undefined);
  const last = parseGroups(tail ?? '', true);
  if (first === undefined || last === undefined) return undefined;
  const missing = 16 - first.length - last.length;
  // `::` stands for at least one group of two bytes.
  if (tail === undefined ? missing !== 0 : missing < 2) return undefined;
  return [...first, ...Array.from({ length: missing }, () => 0), ...last];
}

/** The bytes of groups such as `2001:db8`. @param isAtEnd Whether an IPv4 address may replace the last two groups. */
function parseGroups(text: string, isAtEnd: boolean): number[] | undefined {
  if (text === '') return [];
  const bytes: number[] = [];
  const fields = text.split(':');
  for (const [index, field] of fields.entries()) {
    const dotted = isAtEnd && index === fields.length - 1 ? parseIpv4(field) : undefined;
    if (dotted === undefined && !/^[\da-f]{1,4}$/i.test(field)) return undefined;
    const group = Number.parseInt(field, 16);
    bytes.push(...(dotted ?? [group >> 8, group & 0xff]));
  }
  return bytes;
}

/** Whether a bit after the prefix is set. */
function hasHostBits(bytes: readonly number[], prefixLength: number): boolean {
  return bytes.some((byte, index) => {
    const prefixBits = Math.min(8, Math.max(0, prefixLength - index * 8));
    return (byte & (0xff >> prefixBits)) !== 0;
  });
}

/** The address as PostgreSQL's `inet_net_ntop` writes it. */
function formatAddress(bytes: readonly number[]): string {
  if (bytes.length === 4) return bytes.join('.');
  const groups = Array.from({ length: 8 }, (_, index) => (bytes[index * 2] ?? 0) * 256 + (bytes[index * 2 + 1] ?? 0));
  const zeros = longestZeros(groups);
  // `::1.2.3.4` and `::ffff:1.2.3.4` end like an IPv4 address.
  const isDotted = zeros.start === 0 && (zeros.length === 6 || (zeros.length === 5 && groups[5] === 0xffff));
  const texts = groups.map((group) => group.toString(16));
  if (isDotted) texts.splice(6, 2, bytes.slice(12).join('.'));
  if (zeros.length === 0) return texts.join(':');
  return `${texts.slice(0, zeros.start).join(':')}::${texts.slice(zeros.start + zeros.length).join(':')}`;
}

/** The first of the longest runs of at least two zeros. */
function longestZeros(groups: readonly number[]): { readonly start: number; readonly length: number } {
  let longest = { start: 0, length: 0 };
  let length = 0;
  for (const [index, group] of groups.entries()) {
    length = group === 0 ? length + 1 : 0;
    if (length >= 2 && length > longest.length) longest = { start: index - length + 1, length };
  }
  return longest;
}
