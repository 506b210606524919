/** Translates the failures of queries that got no response from PostgreSQL. */
import { NOT_OPENED } from './connect-messages.ts';
import { DatabaseError } from './database-error.ts';
import type { TransportFailure } from './reported-failure.ts';

/** The error for a query that got no response. `isHarmless`: the statement would have changed nothing if it had run (it only reads, or is not committed). */
export function transportError(failure: TransportFailure, isHarmless: boolean): DatabaseError {
  const unreachedError = findUnreachedError(failure);
  if (unreachedError !== undefined) return unreachedError;
  const { code, signature, reason } = failure;
  if (REQUEST_TOO_LARGE.test(signature) || (RESPONSE_TOO_LARGE.test(signature) && isHarmless)) {
    const message = `${reason}: over HTTP, 10 MiB are the limit of a request and of a response. Send or request less data, or use WebSocket.`;
    return new DatabaseError('refused', message);
  }
  if (UNREADABLE.test(signature)) {
    const message = `The request was refused: ${reason}. Look for a lone surrogate in the parameters: a text that was cut in the middle of an emoji.`;
    return new DatabaseError('refused', message);
  }
  if (TIMED_OUT.test(signature)) {
    return noResponse('timeout', `The database did not respond in time: ${reason}.`, code ?? 'ETIMEDOUT', isHarmless);
  }
  return connectionLostError(reason, code, isHarmless);
}

/** The error when nothing was sent, or when the proxy in front of PostgreSQL did not pass the request on. Otherwise undefined. */
export function findUnreachedError(failure: Omit<TransportFailure, 'from'>): DatabaseError | undefined {
  const { code, signature, reason } = failure;
  const retryable = !NOT_RETRYABLE.test(signature);
  if (retryable && !RETRYABLE.test(signature)) return undefined;
  return new DatabaseError('connection', `The database could not be reached: ${reason}.`, { code, retryable });
}

/** The error for a connection that was lost before the response arrived. */
export function connectionLostError(reason: string, code: string | undefined, isHarmless: boolean): DatabaseError {
  return noResponse('connection', `The connection to the database was lost: ${reason}.`, code, isHarmless);
}

/** The error when the request was sent and no response arrived. The outcome of a write is then unknown. */
function noResponse(kind: 'connection' | 'timeout', message: string, code: string | undefined, isHarmless: boolean) {
  if (isHarmless) return new DatabaseError(kind, message, { code, retryable: true });
  const advice = 'A write was running and may have been applied: check before you send it again.';
  return new DatabaseError('unknown-outcome', `${message} ${advice}`, { code });
}

// The patterns below match messages and codes of Node, of the driver, and of Neon's proxy: https://github.com/neondatabase/neon/tree/main/proxy
/** A retry would fail in the same way: the connection string, the network or the account must change first. */
const NOT_RETRYABLE = anyOf(
  'CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_(GET|VERIFY)|ERR_TLS_|ERR_SSL_|EPROTO|ERR_INVALID_URL|bad port|unknown scheme',
  'Unexpected server response: 4|HTTP status 40|Cannot use a pool after',
  'password authentication failed|Endpoint ID is not specified|Inconsistent project name|connection is insecure',
  'endpoint cannot be found|endpoint is disabled|Check your quotas|exceeded the .*quota|This IP address|blocked network|VPC endpoint',
);

/** Nothing ran, and a retry may succeed soon: the network, the proxy or the compute was not ready. */
const RETRYABLE = anyOf(
  'ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|UND_ERR_CONNECT_TIMEOUT|connect E[A-Z]+',
  NOT_OPENED,
  'Unexpected server response: [25]|HTTP status 429',
  'Client was closed|Client has encountered a connection error|timeout exceeded when trying to connect|due to connection timeout',
  "Control plane request failed|Couldn't connect to compute node|Too many connections|Failed to acquire permit|too many clients",
);

/** The server could not parse a request, because its JSON escapes are not valid text. */
const UNREADABLE = anyOf('could not parse the HTTP request body');
const REQUEST_TOO_LARGE = anyOf('HTTP status 413');
const RESPONSE_TOO_LARGE = anyOf('HTTP status 507');
const TIMED_OUT = anyOf('TimeoutError|ETIMEDOUT|UND_ERR_(HEADERS|BODY)_TIMEOUT|Query read timeout');

/** A pattern that matches each of the alternatives, which are patterns themselves. */
function anyOf(...alternatives: string[]): RegExp {
  return new RegExp(alternatives.join('|'));
}
