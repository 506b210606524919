/** What the layers of a thrown value report: Drizzle's around Neon's around Node's, each with something that the others lack. */

import { errorLayers, type ErrorLayer as Layer } from './error-layers.ts';
import { isSqlState } from './sql-state.ts';

/** What PostgreSQL said: https://www.postgresql.org/docs/current/protocol-error-fields.html */
export interface ServerFailure {
  readonly from: 'server';
  readonly code: string;
  readonly message: string;
  readonly constraint: string | undefined;
  readonly table: string | undefined;
  readonly column: string | undefined;
  /** Of a violated key, as its `detail` names them; its values stay behind. */
  readonly columns: readonly string[];
  /** The character of the statement at which it stands, from 1. */
  readonly position: number | undefined;
  /** Whether a function of the database raised it, which may put any text into any field. */
  readonly isRaised: boolean;
}

/** Whatever else kept a query from its answer. */
export interface TransportFailure {
  readonly from: 'transport';
  /** The innermost: the operating system's, or the HTTP client's. */
  readonly code: string | undefined;
  /** Names, codes and messages of all layers, to be matched and never shown. */
  readonly signature: string;
  /** What may be shown of them. */
  readonly words: string;
}

export interface ReportedFailure {
  readonly failure: ServerFailure | TransportFailure;
  /** What was to be run, where a layer knows it. */
  readonly statement: string | undefined;
}

/** Undefined for an error that tells of no database: a bug, say, or what a transaction's own function threw. */
export function readFailure(error: unknown): ReportedFailure | undefined {
  const layers = errorLayers(error);
  const query = layers.find(isDrizzles);
  const reports = layers.filter((layer) => layer !== query);
  const server = reports.find(isServers);
  if (server === undefined && !reports.some(isTransports)) return undefined;
  const failure = server === undefined ? transportFailure(reports) : serverFailure(server);
  return { failure, statement: textOf(query?.['query']) };
}

/** `DrizzleQueryError`: it holds the statement, and the parameters in its message. */
function isDrizzles({ query, params }: Layer): boolean {
  return typeof query === 'string' && params !== undefined;
}

function isServers({ code }: Layer): boolean {
  return isSqlState(code);
}

function isTransports({ name, code, message }: Layer): boolean {
  return (
    name === 'NeonDbError' ||
    name === 'TimeoutError' ||
    (typeof code === 'string' && NETWORK_CODES.test(code)) ||
    (typeof message === 'string' && DRIVER_WORDS.test(message))
  );
}

const NETWORK_CODES =
  /^(ECONN[A-Z]+|E[A-Z]+UNREACH|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EPIPE|EPROTO|UND_ERR_|ERR_TLS_|ERR_SSL_|CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_)/;

/** Errors of the WebSocket driver have no name and no code of their own. */
const DRIVER_WORDS =
  /^(Connection (terminated|ended)|Client (was closed|has encountered a connection error)|timeout exceeded when|Query read timeout|Cannot use a pool after|WebSocket |Unexpected server response|All attempts to open a WebSocket)/;

function serverFailure(layer: Layer): ServerFailure {
  const [code = '', message = ''] = [textOf(layer['code']), textOf(layer['message'])];
  const position = Number(textOf(layer['position']) ?? Number.NaN);
  // The name of PL/pgSQL's RAISE in PostgreSQL's source.
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
 * `Key (email)=(ada@example.com) already exists.`, as PostgreSQL itself words it: the names stand before the values. It quotes no name, so
 * that a name with a comma in it comes out as two.
 */
function keyColumns(code: string, { detail }: Layer): string[] {
  if (code !== '23505' && code !== '23503') return [];
  const [, names = ''] = /^Key \((.+?)\)=\(/.exec(textOf(detail) ?? '') ?? [];
  // Not at a comma in parentheses: `lower(a), coalesce(b, c)` are two.
  return names === '' ? [] : names.split(/, (?![^(]*\))/);
}

function transportFailure(layers: Layer[]): TransportFailure {
  const inner = layers.toReversed();
  // What lies below one of theirs is theirs as well.
  const transports = layers.slice(layers.findIndex(isTransports)).toReversed();
  return {
    from: 'transport',
    code: inner.map(({ code }) => textOf(code)).find((code) => code !== undefined),
    signature: layers.map(({ name, code, message }) => [name, code, message].map(textOf).join(' ')).join('\n'),
    words: transports.map(wordsOf).find((words) => words !== undefined) ?? 'no reason given',
  };
}

/** The driver's own messages may go on with a connection string, or with what a server answered. */
function wordsOf({ name, message }: Layer): string | undefined {
  const words = textOf(message);
  if (name !== 'NeonDbError') return words;
  return /^Server error \((HTTP status \d+)\)/.exec(words ?? '')?.[1] ?? words?.split(/[:(]/)[0]?.trim();
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
