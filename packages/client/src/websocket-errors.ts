/** Turns the error events of a runtime's WebSocket into errors with a message. */
import type { Client } from '@neondatabase/serverless';

import { notOpenedMessage } from './errors/connect-messages.ts';
import { DatabaseError } from './errors/database-error.ts';

/** Replaces the error *event*, which the driver emits and which prints as `[object ErrorEvent]`, by an `Error` with a message. */
export function reportErrors({ neonConfig: socket }: Client, { host }: URL): void {
  let isOpen = false;
  socket.once('connect', () => (isOpen = true));
  const emit = socket.emit.bind(socket);
  socket.emit = (event: string, ...details: unknown[]) =>
    emit(event, ...(event === 'error' ? [toError(details[0], host, isOpen)] : details));
}

/** The error for the payload of an `error` event. `errors/reported-failure.ts` recognizes the error by the beginning of its message. */
function toError(failure: unknown, host: string, isOpen: boolean): Error {
  const { message, error: cause = failure } = Object(failure) as Partial<ErrorEvent>;
  if (message?.includes('on behalf of a different request')) return otherRequestError();
  if (failure instanceof Error) return failure;
  const reason = message || 'no reason given';
  return new Error(isOpen ? `Connection terminated: ${reason}` : notOpenedMessage(host, reason), { cause });
}

/** The error when a Cloudflare Worker uses the connection of another request. */
function otherRequestError(): DatabaseError {
  const message =
    'The connection was opened by another request, and this runtime does not let requests share a connection. Open a database in each request:' +
    ' `withDatabase(url, async (db) => …)`. Over HTTP one client serves all requests.';
  return new DatabaseError('connection', message);
}
