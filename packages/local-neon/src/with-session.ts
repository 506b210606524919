/** Opens a PostgreSQL session for one piece of work. */
import { Client } from 'pg';

import { LocalNeonError } from './error.ts';

/** A server that is starting, which takes at most this time, accepts no session yet. */
const CONNECT_TIMEOUT_MS = 120_000;

/** Marks the sessions of branch commands. */
export const APPLICATION_NAME = 'local-neon';

/** Connects, works and disconnects. Throws `NOT_RUNNING` after 120 s without a response. */
export async function withSession<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  // `ssl` overrides PGSSLMODE: a local server has no certificate.
  const client = new Client({
    connectionString: url,
    ssl: false,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    application_name: APPLICATION_NAME,
  });
  // A lost connection rejects the work. Its `error` event without a handler would also end the process.
  client.on('error', () => {});
  try {
    await client.connect().catch((cause: unknown) => {
      if ((cause as Error).message !== 'timeout expired') throw cause;
      const message =
        `The server on ${client.host}:${client.port} did not respond for ${CONNECT_TIMEOUT_MS / 1000} s. ` +
        'Look at its program: it may be suspended (Ctrl-Z).';
      throw new LocalNeonError('NOT_RUNNING', message, { cause });
    });
    return await work(client);
  } finally {
    await client.end();
  }
}
