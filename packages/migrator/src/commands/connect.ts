/** Connections of the commands. Each function prints the kind of connection on standard error. */
import type { OwnSession } from '@todo/client/session';
import type { Client } from 'pg';

import { connectPg } from '../connection/connect-pg.ts';
import { openSession } from '../connection/index.ts';
import { printToStderr } from './output.ts';

/** Opens a session with the protocol that the server supports. */
export function connect(url: string): Promise<OwnSession> {
  return openSession(url, { onConnect: printToStderr });
}

/** Runs `work` with a client of `pg`, for commands that need one. */
export async function withClient<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const reason = "this command speaks PostgreSQL's own protocol";
  const client = await connectPg(url, { onConnect: printToStderr, reason });
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
