/**
 * Washing a session, so that nothing of a request stays in it: `DISCARD ALL`. Behind the only statement of a request it is
 * written together with it, for waking PostgreSQL a second time costs more than the wash itself.
 */
import type { EventEmitter } from 'node:events';

import type { Client, Submittable } from 'pg';

export const WASH = 'DISCARD ALL';

/** Whether the wash that follows a client's statement has succeeded. */
const following = new WeakMap<Client, Promise<boolean>>();

/** Takes the answer to the wash that was written behind the statement which this client runs now. */
export function expectWash(client: Client): void {
  const washed = new Promise<boolean>((resolve) => {
    const settle = (hasSucceeded: boolean): void => {
      client.off('end', ended);
      resolve(hasSucceeded);
    };
    const ended = (): void => settle(false);
    client.once('end', ended);
    client.query({
      submit: () => null,
      handleCommandComplete() {},
      handleError: (_: Error, connection: EventEmitter) => connection.once('readyForQuery', () => settle(false)),
      handleReadyForQuery: () => settle(true),
    } as unknown as Submittable);
  });
  following.set(client, washed);
}

/** Resolves when the session is as new. Throws when it cannot be washed: end it. */
export async function wash(client: Client): Promise<void> {
  const washed = following.get(client);
  following.delete(client);
  if (washed && (await washed)) return;
  // Nothing was written behind the statement, or it left a transaction open, which DISCARD ALL refuses.
  if (client.getTransactionStatus() !== 'I') await client.query('ROLLBACK');
  await client.query(WASH);
}
