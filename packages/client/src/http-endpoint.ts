/** Sets the address of an HTTP client: its own `fetchEndpoint`; `http://host:port/sql` on this machine; else the driver's own address. */
import { neonConfig } from '@neondatabase/serverless';

import { hostAndPort, isLoopbackHost } from './connection-url.ts';
import type { Endpoint } from './endpoint.ts';
import { DatabaseError } from './errors/database-error.ts';

/**
 * Begins a request to the address of one client. The driver has one `fetchEndpoint` for the whole process, and reads it in the task in
 * which a request begins. This function sets `fetchEndpoint` for that task only, then restores it.
 */
export function beginRequest<T>({ hostname, port }: URL, endpoint: Endpoint | undefined, begin: () => T): T {
  const { fetchEndpoint: processSetting } = neonConfig;
  const local = isLoopbackHost(hostname) ? `http://${hostAndPort(hostname, port)}/sql` : undefined;
  neonConfig.fetchEndpoint =
    endpoint ??
    local ??
    ((...address) => requireTls(typeof processSetting === 'function' ? processSetting(...address) : processSetting));
  try {
    return begin();
  } finally {
    neonConfig.fetchEndpoint = processSetting;
  }
}

/** Returns an address with TLS or on this machine, and throws for others: each request has the password in a header. */
function requireTls(endpoint: string): string {
  const { protocol, hostname } = new URL(endpoint);
  if (protocol === 'https:' || isLoopbackHost(hostname)) return endpoint;
  const message = `neonConfig.fetchEndpoint points to ${hostname} over ${protocol} and would send the password unencrypted: use https.`;
  throw new DatabaseError('connection', message);
}
