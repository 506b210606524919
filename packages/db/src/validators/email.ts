/** Checks the syntax of email addresses. */
import { typeMessage } from '@todo/client/validators';
import * as z from 'zod/v4';

import { ADDRESS_LENGTH_MAX, splitAddress, normalizeEmail, unicodeDomain } from './normalize-email.ts';

/**
 * The schema for an address. Normalizes the address first, and then applies the limits of `column`, so that white space around an address
 * does not count. Checks whether an address is possible, not whether mail arrives: only a message can test that.
 */
export function emailSchema(column: z.ZodString) {
  const address = column.refine(isAddress, NOT_AN_ADDRESS);
  return z.string(typeMessage(NOT_AN_ADDRESS)).transform(normalizeEmail).pipe(address);
}

const NOT_AN_ADDRESS = 'Not an email address';

function isAddress(normalized: string): boolean {
  if (normalized.length > ADDRESS_LENGTH_MAX) return false;
  const [local, domain] = splitAddress(normalized);
  // `unicodeDomain` returns undefined for an invalid domain, such as an IP address.
  return LOCAL_PART.test(local) && domain !== undefined && DOMAIN.test(domain) && unicodeDomain(domain) === domain;
}

/** Characters of RFC 5322's `dot-atom` and RFC 6532's letters. Dots may be anywhere, because large providers have issued such addresses. */
const LOCAL_PART = /^(?:[\w!#$%&'*+/=?^`{|}~.-]|[^\p{ASCII}\p{C}\p{Z}]){1,64}$/u;

/** Labels of letters, digits and marks, with hyphens inside a label, as in IDNA 2008. */
const DOMAIN = (() => {
  const label = String.raw`[\p{L}\p{Nd}](?:[\p{L}\p{Nd}\p{M}-]*[\p{L}\p{Nd}\p{M}])?`;
  return new RegExp(String.raw`^${label}(?:\.${label})*$`, 'u');
})();
