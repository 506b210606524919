/** A session for a moment. */
import { Client } from 'pg';

import { LocalNeonError } from './error.ts';

/** A server that starts lets nobody in before it is ready, which takes so long at most. */
const CONNECT_TIMEOUT_MS = 120_000;

/** By which commands for branches know the sessions of each other. */
export const APPLICATION_NAME = 'local-neon';

/** Connects, works and disconnects. Throws what connecting throws, `NOT_RUNNING` after 120 s of silence, and what the work does. */
export async function withSession<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  // Not by PGSSLMODE: a local server has no certificate.
  const client = new Client({
    connectionString: url,
    ssl: false,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    application_name: APPLICATION_NAME,
  });
  // A server that goes away fails the work; as an event that nobody hears, it would end the program too.
  client.on('error', () => {});
  try {
    await client.connect().catch((cause: unknown) => {
      throw (cause as Error).message === 'timeout expired' ? silent(client, cause) : cause;
    });
    return await work(client);
  } finally {
    await client.end();
  }
}

function silent({ host, port }: Client, cause: unknown): LocalNeonError {
  return new LocalNeonError(
    'NOT_RUNNING',
    `What listens on ${host}:${port} said nothing for ${CONNECT_TIMEOUT_MS / 1000} s. Look at its program: it may be suspended (Ctrl-Z).`,
    { cause },
  );
}
