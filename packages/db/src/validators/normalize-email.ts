/** One spelling for one email address, so that the unique index means one user for one address. */
import punycode from 'punycode.js';

/**
 * In UTF-16 units, without white space around it. Mail has 254 bytes for an address, and the longest spelling of a character, Punycode and
 * decomposed, some 8 units. Beyond, nothing is looked at: the time for a domain grows with the square of its length.
 */
export const ADDRESS_LENGTH_MAX = 2_048;

/**
 * The spelling that is stored and looked up: no white space around it; before the @ in lower case and composed (NFC), after
 * it as Pydantic's `EmailStr` has domains, in Unicode: `xn--bcher-kva.de` is `bücher.de`. What is no address does not become
 * one, so looking it up finds nothing; what is longer than any address (2,048 units) stays as it is. Never throws.
 */
export function normalizeEmail(email: string): string {
  const address = email.trim();
  if (address.length > ADDRESS_LENGTH_MAX) return address;
  const [local, domain] = halves(address);
  const known = domain === undefined ? undefined : unicodeDomain(domain);
  return known === undefined ? lowerCase(address) : `${lowerCase(local)}@${known}`;
}

/** What stands before the last @, and after it. */
export function halves(address: string): [local: string, domain: string | undefined] {
  const at = address.lastIndexOf('@');
  return at < 0 ? [address, undefined] : [address.slice(0, at), address.slice(at + 1)];
}

function lowerCase(text: string): string {
  return text.toLowerCase().normalize('NFC');
}

/** A domain as IDNA maps it (UTS 46). Undefined for what is none, a host's number among them. */
export function unicodeDomain(domain: string): string | undefined {
  // In a URL, `%40` would be decoded and a `/` end the host.
  if (!/^(?:[a-z\d.-]|\P{ASCII})+$/iu.test(domain)) return undefined;
  // Unicode 15.1 changed what becomes of a capital sharp s, and one runtime knows an older Unicode than another.
  const hostname = hostnameOf(domain.replaceAll('ẞ', 'ß'));
  if (hostname === undefined || /^[\d.]+$/.test(hostname)) return undefined;
  try {
    // oxlint-disable-next-line import/no-named-as-default-member -- for Node the package is CommonJS, and has no named exports
    const known = punycode.toUnicode(hostname);
    // `xn--a-` would be read as `a`, which is written as `a`.
    return hostnameOf(known) === hostname ? known : undefined;
  } catch {
    // Node 20 takes what begins like Punycode and is none.
    return undefined;
  }
}

function hostnameOf(domain: string): string | undefined {
  try {
    return new URL(`http://${domain}`).hostname;
  } catch {
    // `URL.canParse` would be shorter, and says yes to some of these on Node 20.
    return undefined;
  }
}
