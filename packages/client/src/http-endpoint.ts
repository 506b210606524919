/**
 * The address of an HTTP client: the one that it was given; else for this machine `http://host:port/sql`, and for Neon the one that
 * the driver makes of the host.
 */
import { neonConfig } from '@neondatabase/serverless';

import { hostAndPort, isLoopbackHost } from './connection-url.ts';
import type { Endpoint } from './endpoint.ts';
import { DatabaseError } from './errors/database-error.ts';

/**
 * Begins a request to the address of one client. The driver has one `fetchEndpoint` for the whole process, and reads it in the task
 * in which a request begins. For that task it is the client's; then it is again what it was before.
 */
export function beginRequest<T>({ hostname, port }: URL, endpoint: Endpoint | undefined, begin: () => T): T {
  const { fetchEndpoint: rule } = neonConfig;
  const local = isLoopbackHost(hostname) ? `http://${hostAndPort(hostname, port)}/sql` : undefined;
  neonConfig.fetchEndpoint =
    endpoint ?? local ?? ((...where) => encrypted(typeof rule === 'function' ? rule(...where) : rule));
  try {
    return begin();
  } finally {
    neonConfig.fetchEndpoint = rule;
  }
}

/** The password goes in a header of each request. */
function encrypted(endpoint: string): string {
  const { protocol, hostname } = new URL(endpoint);
  if (protocol === 'https:' || isLoopbackHost(hostname)) return endpoint;
  throw new DatabaseError(
    'connection',
    `neonConfig.fetchEndpoint leads to ${hostname} over ${protocol} and would show the password to the network: use https.`,
  );
}
