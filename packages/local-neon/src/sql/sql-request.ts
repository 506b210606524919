/** Parses a `POST /sql` request: the body, the `Neon-*` headers and the connection string. */
import { isUtf8 } from 'node:buffer';

import { BadRequestError } from './bad-request.ts';
import { readConnectionString } from './connection-string.ts';
import type { HttpRequest } from './http-exchange.ts';
import { type JsonNode, readMembers } from './json-source.ts';
import type { Credentials } from './session.ts';

export interface SqlRequest {
  readonly credentials: Credentials;
  readonly statements: readonly Statement[];
  /** Undefined for a single query, which runs outside a transaction. */
  readonly batch?: BatchOptions;
  /** Whether values stay PostgreSQL's text. */
  readonly rawText: boolean;
}

export interface Statement {
  readonly query: string;
  readonly params: readonly (string | null)[];
  readonly arrayMode: boolean;
}

export interface BatchOptions {
  readonly isolationLevel?: IsolationLevel;
  readonly readOnly: boolean;
  readonly deferrable: boolean;
}

export const ISOLATION_LEVELS = {
  ReadUncommitted: 'READ UNCOMMITTED',
  ReadCommitted: 'READ COMMITTED',
  RepeatableRead: 'REPEATABLE READ',
  Serializable: 'SERIALIZABLE',
} as const;

/** Ends a string in PostgreSQL's protocol: text after it would be read as the next field. */
const ZERO_CHARACTER = '\0';

/** The protocol counts parameters in 16 bits: https://www.postgresql.org/docs/current/protocol-message-formats.html */
const PARAMS_MAX = 65_535;

export type IsolationLevel = keyof typeof ISOLATION_LEVELS;

/** Parses the request. Throws `BadRequestError`. */
export function parseSqlRequest({ header }: Pick<HttpRequest, 'header'>, bytes: Buffer): SqlRequest {
  if (header('authorization') !== undefined) {
    throw new BadRequestError('Neon Authorize (JWT) exists only in the cloud: connect with a user and a password');
  }
  const credentials = readConnectionString(header('neon-connection-string'));
  const isolationLevel = parseIsolationLevel(header('neon-batch-isolation-level'));
  const arrayMode = header('neon-array-mode') === 'true';
  const rawText = header('neon-raw-text-output') === 'true';

  const body = toText(bytes);
  const parsed = parseBody(body);
  const statement = readPlainStatement(parsed, arrayMode);
  if (statement) return { credentials, rawText, statements: [statement] };
  const members = readSource(body);
  const queries = members.get('queries');
  // If both are present, `query` wins, as on Neon.
  if (queries === undefined || members.has('query'))
    return { credentials, rawText, statements: [parseStatement(members, arrayMode)] };
  if (queries.kind !== 'array') throw unparsableError('"queries" is not an array');
  return {
    credentials,
    rawText,
    statements: queries.items.map((item) => parseStatement(membersOf(item), arrayMode)),
    batch: {
      ...(isolationLevel ? { isolationLevel } : {}),
      readOnly: header('neon-batch-read-only') === 'true',
      deferrable: header('neon-batch-deferrable') === 'true',
    },
  };
}

function parseIsolationLevel(value: string | undefined): IsolationLevel | undefined {
  if (value === undefined) return undefined;
  if (!Object.hasOwn(ISOLATION_LEVELS, value)) throw new BadRequestError('invalid isolation level');
  return value as IsolationLevel;
}

/** The body as text. Refuses invalid UTF-8: `toString` would replace it by U+FFFD, which would be stored. */
function toText(bytes: Buffer): string {
  if (!isUtf8(bytes)) throw unparsableError('it is not UTF-8');
  return bytes.toString();
}

function parseBody(body: string): object {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch (error) {
    // V8's message quotes the body, which holds parameter values.
    throw unparsableError((error as Error).message.replace(/, (\.{3})?".*$/s, ''));
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed))
    throw unparsableError('it is not an object');
  return parsed;
}

/** The fast path: reads a body with one statement whose parameters are texts, which `JSON.parse` does not change. Undefined for other bodies. */
function readPlainStatement(parsed: object, arrayModeOfRequest: boolean): Statement | undefined {
  const { query, params = [], arrayMode = arrayModeOfRequest, ...otherMembers } = parsed as Record<string, unknown>;
  const isPlain =
    isWellFormedText(query) &&
    !query.includes(ZERO_CHARACTER) &&
    Array.isArray(params) &&
    params.every((item) => item === null || isWellFormedText(item)) &&
    params.length <= PARAMS_MAX &&
    typeof arrayMode === 'boolean' &&
    Object.keys(otherMembers).length === 0;
  return isPlain ? { query, params, arrayMode } : undefined;
}

/** Whether the value is text without a lone surrogate, which PostgreSQL would store as U+FFFD. */
function isWellFormedText(value: unknown): value is string {
  return typeof value === 'string' && value.isWellFormed();
}

/** The members of a body that `JSON.parse` has accepted, with their source text. */
function readSource(body: string): Map<string, JsonNode> {
  try {
    return readMembers(body);
  } catch (error) {
    throw unparsableError((error as RangeError).message);
  }
}

function membersOf(node: JsonNode): Map<string, JsonNode> {
  if (node.kind !== 'object') throw unparsableError('a query is not an object');
  return readMembers(node.text);
}

function parseStatement(members: Map<string, JsonNode>, arrayModeOfRequest: boolean): Statement {
  const query = members.get('query');
  if (query?.kind !== 'string') throw unparsableError('missing "query", a string');
  if (query.text.includes(ZERO_CHARACTER)) throw new BadRequestError('a query cannot contain the character U+0000');
  const params = members.get('params') ?? { kind: 'array', text: '[]', items: [] };
  if (params.kind !== 'array') throw unparsableError('"params" is not an array');
  if (params.items.length > PARAMS_MAX) throw new BadRequestError(`a query takes at most ${PARAMS_MAX} parameters`);
  return {
    query: query.text,
    params: params.items.map(parameterText),
    arrayMode: readArrayMode(members.get('arrayMode')) ?? arrayModeOfRequest,
  };
}

function readArrayMode(node: JsonNode | undefined): boolean | undefined {
  if (node === undefined || node.kind === 'null') return undefined;
  if (node.kind !== 'boolean') throw unparsableError('"arrayMode" is not a boolean');
  return node.text === 'true';
}

/** A parameter in PostgreSQL's text format. */
function parameterText(node: JsonNode): string | null {
  if (node.kind === 'null') return null;
  return node.kind === 'array' ? arrayLiteral(node.items) : node.text;
}

/** An array in PostgreSQL's text format: https://www.postgresql.org/docs/current/arrays.html#ARRAYS-IO */
function arrayLiteral(items: readonly JsonNode[]): string {
  return `{${items.map(elementText).join(',')}}`;
}

/** An element of an array literal. Texts are quoted, with a backslash before each quote and backslash. */
function elementText(node: JsonNode): string {
  switch (node.kind) {
    case 'null':
      return 'NULL';
    case 'array':
      return arrayLiteral(node.items);
    case 'string':
    case 'object':
      return `"${node.text.replaceAll(/["\\]/g, '\\$&')}"`;
    default:
      return node.text;
  }
}

function unparsableError(why: string): BadRequestError {
  return new BadRequestError(`could not parse the HTTP request body: ${why}`);
}
