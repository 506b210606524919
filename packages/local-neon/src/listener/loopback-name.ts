/** The names of this machine's loopback addresses, as a client may write them. */
import { isIP } from 'node:net';

/** Names ignore case, and may end in the dot of the root: https://www.rfc-editor.org/rfc/rfc9110.html#section-4.2.3 */
export function normalHost(host: string): string {
  return host.toLowerCase().replace(/\.(?=$|:\d*$)/, '');
}

/** Without a port; an IPv6 address with or without its brackets. */
export function isLoopbackName(name: string): boolean {
  const host = normalHost(name);
  return host === 'localhost' || host === '::1' || host === '[::1]' || (isIP(host) === 4 && host.startsWith('127.'));
}
