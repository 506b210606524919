/** How `pg` connects: PostgreSQL's own protocol, to Neon, to a local Neon or to any other PostgreSQL. */
import type { ClientConfig } from 'pg';

import { connectionFields, isLoopbackHost } from '@todo/client/connection-url';

/** With TLS and a certificate that is checked, but on this machine. Waits 10 s for a connection. */
export function tcpConfig(connectionString: string): ClientConfig {
  const url = new URL(connectionString);
  const fields = connectionFields(url);
  return {
    ...fields,
    // A URL has brackets around an IPv6 address, a socket has not.
    host: fields.host.replace(/^\[|\]$/g, ''),
    ssl: !isLoopbackHost(url.hostname),
    connectionTimeoutMillis: 10_000,
  };
}
