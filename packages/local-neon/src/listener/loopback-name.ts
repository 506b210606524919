/** Names of this machine's loopback addresses, in every spelling that a client may use. */
import { isIP } from 'node:net';

/** Lower case, without a dot at the end: https://www.rfc-editor.org/rfc/rfc9110.html#section-4.2.3 */
export function normalHost(host: string): string {
  return host.toLowerCase().replace(/\.(?=$|:\d*$)/, '');
}

/** Takes a name without a port; an IPv6 address may have brackets. */
export function isLoopbackName(name: string): boolean {
  const host = normalHost(name);
  return host === 'localhost' || host === '::1' || host === '[::1]' || (isIP(host) === 4 && host.startsWith('127.'));
}
