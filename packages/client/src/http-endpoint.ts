/**
 * Where the Neon driver calls over HTTP. The connection string alone decides: for this machine `http://host:port/sql`, for any
 * other host the driver's own default, with TLS.
 */
import { neonConfig } from '@neondatabase/serverless';

import { hostAndPort, isLoopbackHost } from './connection-url.ts';
import { DatabaseError } from './errors/database-error.ts';

type Rule = Extract<typeof neonConfig.fetchEndpoint, (...args: never) => unknown>;

/**
 * Lets the driver's HTTP side reach this machine. The driver offers only one setting for the whole process, so this is one
 * rule that speaks for loopback hosts alone: any other host goes where it would have gone without it, by whatever rule
 * was in force before, but never without TLS. Installing it again changes nothing.
 */
export function installHttpEndpoint(): void {
  const { fetchEndpoint } = neonConfig;
  if (fetchEndpoint === installed) return;
  installed = (host, port, options) => {
    if (isLoopbackHost(host)) return `http://${hostAndPort(host, port)}/sql`;
    return encrypted(typeof fetchEndpoint === 'function' ? fetchEndpoint(host, port, options) : fetchEndpoint);
  };
  neonConfig.fetchEndpoint = installed;
}

let installed: Rule | undefined;

/** The password goes in a header of each request. */
function encrypted(endpoint: string): string {
  const { protocol, hostname } = new URL(endpoint);
  if (protocol === 'https:' || isLoopbackHost(hostname)) return endpoint;
  throw new DatabaseError(
    'connection',
    `neonConfig.fetchEndpoint leads to ${hostname} over ${protocol} and would show the password to the network: use https.`,
  );
}
