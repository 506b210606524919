/** Reads the failure from the `cause` chain: Drizzle's error, the driver's, Node's. Each knows something that the others do not. */

import { errorLayers, type ErrorLayer as Layer } from './error-layers.ts';
import { isSqlState } from './sql-state.ts';

/** The fields of PostgreSQL's error: https://www.postgresql.org/docs/current/protocol-error-fields.html */
export interface ServerFailure {
  readonly from: 'server';
  readonly code: string;
  readonly message: string;
  readonly constraint: string | undefined;
  readonly table: string | undefined;
  readonly column: string | undefined;
  /** The columns of a violated key, as `detail` names them. The values are dropped. */
  readonly columns: readonly string[];
  /** The position of the error in the statement, in characters, counted from 1. */
  readonly position: number | undefined;
  /** Whether a function in the database raised the error. Such a function may put any text into any field. */
  readonly isRaised: boolean;
}

/** Any other reason why a query got no response. */
export interface TransportFailure {
  readonly from: 'transport';
  /** The innermost code: from the operating system or the HTTP client. */
  readonly code: string | undefined;
  /** Names, codes and messages of all layers. Only for matching, never for display. */
  readonly signature: string;
  /** The part of the messages that is safe to show. */
  readonly reason: string;
}

export interface ReportedFailure {
  readonly failure: ServerFailure | TransportFailure;
  /** The statement, if a layer knows it. */
  readonly statement: string | undefined;
}

/** Reads a failure; undefined for an error that is not from a database, for example a bug or an error of a transaction's function. */
export function readFailure(error: unknown): ReportedFailure | undefined {
  const layers = errorLayers(error);
  const query = layers.find(isDrizzleError);
  const reports = layers.filter((layer) => layer !== query);
  const server = reports.find(isServerError);
  if (server === undefined && !reports.some(isTransportError)) return undefined;
  const failure = server === undefined ? transportFailure(reports) : serverFailure(server);
  return { failure, statement: textOf(query?.['query']) };
}

/** Whether a layer is Drizzle's `DrizzleQueryError`: it has the statement, and its message contains the parameters. */
function isDrizzleError({ query, params }: Layer): boolean {
  return typeof query === 'string' && params !== undefined;
}

function isServerError({ code }: Layer): boolean {
  return isSqlState(code);
}

function isTransportError({ name, code, message }: Layer): boolean {
  return (
    name === 'NeonDbError' ||
    name === 'TimeoutError' ||
    (typeof code === 'string' && NETWORK_CODES.test(code)) ||
    (typeof message === 'string' && DRIVER_MESSAGE.test(message))
  );
}

const NETWORK_CODES =
  /^(ECONN[A-Z]+|ENOTFOUND|EAI_AGAIN|E[A-Z]+UNREACH|UND_ERR_|ETIMEDOUT|EPIPE|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|ERR_TLS_|ERR_SSL_|EPROTO)/;

/** Errors of the WebSocket driver have no `name` and no `code` of their own. */
const DRIVER_MESSAGE =
  /^(Connection (terminated|ended)|Client was closed|Client has encountered a connection error|timeout exceeded when|Query read timeout|Cannot use a pool after|WebSocket |Unexpected server response|All attempts to open a WebSocket)/;

function serverFailure(layer: Layer): ServerFailure {
  const [code = '', message = ''] = [textOf(layer['code']), textOf(layer['message'])];
  const position = Number(textOf(layer['position']) ?? Number.NaN);
  // PL/pgSQL's RAISE has this name in PostgreSQL's source.
  const isRaised = textOf(layer['routine']) === 'exec_stmt_raise';
  const [constraint, table, column] = isRaised
    ? []
    : ['constraint', 'table', 'column'].map((name) => textOf(layer[name]));
  return {
    from: 'server',
    code,
    message,
    position: Number.isInteger(position) ? position : undefined,
    isRaised,
    constraint,
    table,
    column,
    columns: isRaised ? [] : keyColumns(code, layer),
  };
}

/**
 * Reads the column names from the DETAIL field of the error, `Key (email)=(ada@example.com) already exists.`: the names come before the values.
 * PostgreSQL does not quote the names here, so a name with a comma becomes two names.
 */
function keyColumns(code: string, { detail }: Layer): string[] {
  // unique_violation, foreign_key_violation
  if (code !== '23505' && code !== '23503') return [];
  const [, names = ''] = /^Key \((.+?)\)=\(/.exec(textOf(detail) ?? '') ?? [];
  // The look-ahead skips a comma in parentheses: `lower(a), coalesce(b, c)` are two columns.
  return names === '' ? [] : names.split(/, (?![^(]*\))/);
}

function transportFailure(layers: Layer[]): TransportFailure {
  const innermostFirst = layers.toReversed();
  // A layer below a transport layer is a transport layer too.
  const transports = layers.slice(layers.findIndex(isTransportError)).toReversed();
  return {
    from: 'transport',
    code: innermostFirst.map(({ code }) => textOf(code)).find((code) => code !== undefined),
    signature: layers.map(({ name, code, message }) => [name, code, message].map(textOf).join(' ')).join('\n'),
    reason: transports.map(safeReason).find((reason) => reason !== undefined) ?? 'no reason given',
  };
}

/**
 * The part of a message that is safe to show. A message of the HTTP driver may end with a connection string or with the server's response:
 * only its HTTP status is kept, or the text before the first colon or parenthesis.
 */
function safeReason({ name, message }: Layer): string | undefined {
  const text = textOf(message);
  if (name !== 'NeonDbError' || text === undefined) return text;
  const [, httpStatus] = /^Server error \((HTTP status \d+)\)/.exec(text) ?? [];
  return httpStatus ?? text.split(/[:(]/)[0]?.trim();
}

/** A text that is not empty; undefined for every other value. */
function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
