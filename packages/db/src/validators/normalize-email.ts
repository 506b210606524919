/** Gives each email address one spelling, so that the unique index means one user for each address. */
import punycode from 'punycode.js';

/**
 * The longest text that is processed, in UTF-16 units without white space around it. Mail allows 254 bytes for an address, and the longest
 * spelling of a character (Punycode, decomposed) has about 8 units. The limit exists because the time for a domain grows with the square of
 * its length.
 */
export const ADDRESS_LENGTH_MAX = 2_048;

/**
 * Returns the spelling that is stored and looked up, without white space around it. The part before the @ is lower case and composed (NFC).
 * The domain is in Unicode, as in Pydantic's `EmailStr`: `xn--bcher-kva.de` becomes `bücher.de`. A text that is not an address does not
 * become one, so a look-up finds nothing. A text above 2,048 units is unchanged. Never throws.
 */
export function normalizeEmail(email: string): string {
  const address = email.trim();
  if (address.length > ADDRESS_LENGTH_MAX) return address;
  const [local, domain] = splitAddress(address);
  const unicode = domain === undefined ? undefined : unicodeDomain(domain);
  return unicode === undefined ? lowerCase(address) : `${lowerCase(local)}@${unicode}`;
}

/** The parts before and after the last @. */
export function splitAddress(address: string): [local: string, domain: string | undefined] {
  const atIndex = address.lastIndexOf('@');
  return atIndex < 0 ? [address, undefined] : [address.slice(0, atIndex), address.slice(atIndex + 1)];
}

function lowerCase(text: string): string {
  return text.toLowerCase().normalize('NFC');
}

/** A domain as mapped by IDNA (UTS 46). Undefined for a text that is not a domain, for example an IP address. */
export function unicodeDomain(domain: string): string | undefined {
  // In a URL, `%40` would be decoded, and a `/` would end the host.
  if (!/^(?:[a-z\d.-]|\P{ASCII})+$/iu.test(domain)) return undefined;
  // Unicode 15.1 changed the mapping of a capital sharp s, and runtimes differ in their Unicode version.
  const hostname = hostnameOf(domain.replaceAll('ẞ', 'ß'));
  if (hostname === undefined || /^[\d.]+$/.test(hostname)) return undefined;
  try {
    // oxlint-disable-next-line import/no-named-as-default-member -- for Node the package is CommonJS, and has no named exports
    const decoded = punycode.toUnicode(hostname);
    // `xn--a-` would be decoded to `a`, which encodes to `a`, not back to `xn--a-`.
    return hostnameOf(decoded) === hostname ? decoded : undefined;
  } catch {
    // Node 20 accepts some texts that begin like Punycode but are not Punycode.
    return undefined;
  }
}

/** The domain in ASCII, as a URL has it after IDNA's mapping; undefined when a URL cannot have it. */
function hostnameOf(domain: string): string | undefined {
  try {
    return new URL(`http://${domain}`).hostname;
  } catch {
    // `URL.canParse` would be shorter, but on Node 20 it accepts some of these.
    return undefined;
  }
}
