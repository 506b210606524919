/** What an email address must look like. */
import { otherwise } from '@todo/client/validators';
import * as z from 'zod/v4';

import { ADDRESS_LENGTH_MAX, halves, normalizeEmail, unicodeDomain } from './normalize-email.ts';

/**
 * Normalises first and then asks for what `column` asks for: white space around an address counts for no limit. It asks
 * whether mail could have such an address, and not whether it arrives: only a message can tell.
 */
export function emailSchema(column: z.ZodString) {
  const address = column.refine(isAddress, NOT_AN_ADDRESS);
  return z.string(otherwise(NOT_AN_ADDRESS)).transform(normalizeEmail).pipe(address);
}

const NOT_AN_ADDRESS = 'Not an email address';

function isAddress(normalized: string): boolean {
  if (normalized.length > ADDRESS_LENGTH_MAX) return false;
  const [local, domain] = halves(normalized);
  return LOCAL_PART.test(local) && domain !== undefined && DOMAIN.test(domain) && unicodeDomain(domain) === domain;
}

/** Characters of RFC 5322's `dot-atom` and RFC 6532's letters; with dots anywhere, as large providers have given them out. */
const LOCAL_PART = /^(?:[\w!#$%&'*+/=?^`{|}~.-]|[^\p{ASCII}\p{C}\p{Z}]){1,64}$/u;

/** Labels of letters, digits and marks with hyphens inside, as in IDNA 2008. */
const DOMAIN = (() => {
  const label = String.raw`[\p{L}\p{Nd}](?:[\p{L}\p{Nd}\p{M}-]*[\p{L}\p{Nd}\p{M}])?`;
  return new RegExp(String.raw`^${label}(?:\.${label})*$`, 'u');
})();
