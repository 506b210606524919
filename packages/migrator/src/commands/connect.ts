/** How commands connect. Each says on standard error how it did. */
import type { OwnSession } from '@todo/client/session';
import type { Client } from 'pg';

import { connectPg } from '../connection/connect-pg.ts';
import { openSession } from '../connection/index.ts';

/** A session, over the protocol that the server speaks. */
export function connect(url: string): Promise<OwnSession> {
  return openSession(url, { onConnect: note });
}

/** A client of `pg`, for what works with no other. */
export function connectClient(url: string): Promise<Client> {
  return connectPg(url, { onConnect: note, reason: "this command speaks PostgreSQL's own protocol" });
}

function note(route: string): void {
  process.stderr.write(`${route}\n`);
}
