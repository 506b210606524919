/** Recognizes names of this machine's loopback addresses, in every spelling that a client may use. */
import { isIP } from 'node:net';

/** The host in lower case, without a dot at the end: https://www.rfc-editor.org/rfc/rfc9110.html#section-4.2.3 */
export function normalizeHost(host: string): string {
  return host.toLowerCase().replace(/\.(?=$|:\d*$)/, '');
}

/** Whether a name without a port is a loopback address or `localhost`. An IPv6 address may have brackets. */
export function isLoopbackName(name: string): boolean {
  const host = normalizeHost(name);
  return host === 'localhost' || host === '::1' || host === '[::1]' || (isIP(host) === 4 && host.startsWith('127.'));
}
