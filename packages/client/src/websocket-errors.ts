/** Turns the error events of a runtime's WebSocket into errors with a message. */
import type { Client } from '@neondatabase/serverless';

import { DatabaseError } from './errors/database-error.ts';

/** Replaces the error *event*, which the driver emits and which prints as `[object ErrorEvent]`, by an `Error` with a message. */
export function reportErrors({ neonConfig: socket }: Client, { host }: URL): void {
  let isOpen = false;
  socket.once('connect', () => {
    isOpen = true;
  });
  const emit = socket.emit.bind(socket);
  socket.emit = (event: string, ...details: unknown[]) =>
    emit(event, ...(event === 'error' ? [explain(details[0], host, isOpen)] : details));
}

function explain(failure: unknown, host: string, isOpen: boolean): Error {
  const { message, error: cause = failure } = Object(failure) as Partial<ErrorEvent>;
  if (message?.includes('on behalf of a different request')) return otherRequestError();
  if (failure instanceof Error) return failure;
  const reason = message || 'no reason given';
  // Before it is open, no statement was sent.
  return new Error(isOpen ? `Connection terminated: ${reason}` : `WebSocket to ${host} failed: ${reason}`, { cause });
}

/** The error when a Cloudflare Worker uses the connection of another request. */
function otherRequestError(): DatabaseError {
  return new DatabaseError(
    'connection',
    'The connection was opened by another request, and this runtime does not let requests share one. Open a database in each request:' +
      ' `withDatabase(url, async (db) => …)`. Over HTTP one client serves all requests.',
  );
}
