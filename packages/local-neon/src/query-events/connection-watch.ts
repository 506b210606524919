/** Reports the queries of a connection: https://www.postgresql.org/docs/current/protocol-flow.html */
import { parseTag } from '../wire/command-tag.ts';
import { readSqlState } from '../wire/error-response.ts';
import { createMessageReader } from '../wire/message-reader.ts';
import { readParameters, STARTUP_PACKET_BYTES_MAX } from '../wire/startup-packet.ts';
import {
  type OnQuery,
  type Outcome,
  type Report,
  STATEMENT_BYTES_MAX,
  startTimer,
  type Transport,
} from './query-event.ts';

export interface ConnectionWatch {
  readonly fromClient: (bytes: Buffer) => void;
  readonly fromServer: (bytes: Buffer) => void;
}

/** A message of the client whose response has not come yet. */
type Pending =
  /** Execute ends with the first command that completes, or with an error. */
  | { readonly kind: 'execute'; readonly report: Report }
  /** Query may hold several statements. They are reported as one, at ReadyForQuery. */
  | { readonly kind: 'query'; readonly report: Report; outcome?: Outcome }
  /** Sync, FunctionCall and the login end with ReadyForQuery. */
  | { readonly kind: 'sync' };

interface WatchState {
  readonly transport: Transport;
  readonly onQuery: OnQuery;
  branch: string;
  /** The text of each prepared statement, by name. */
  readonly statements: Map<string, string>;
  /** The text of the statement that each portal is bound to, by the portal's name. */
  readonly portals: Map<string, string>;
  /** In the order of the responses. */
  pending: Pending[];
}

const NAMES_BYTES_MAX = 1024;
/** How many bytes of a message are read, by the type of the message. */
const FROM_CLIENT = {
  '': STARTUP_PACKET_BYTES_MAX,
  Q: STATEMENT_BYTES_MAX,
  P: NAMES_BYTES_MAX + STATEMENT_BYTES_MAX,
  B: NAMES_BYTES_MAX,
  E: NAMES_BYTES_MAX,
  C: NAMES_BYTES_MAX,
};
const FROM_SERVER = { C: 256, E: 4096 };

/** Watches a connection, beginning with its startup packet. */
export function watchConnection(transport: Transport, onQuery: OnQuery): ConnectionWatch {
  const state: WatchState = {
    transport,
    onQuery,
    branch: '',
    statements: new Map(),
    portals: new Map(),
    // The first ReadyForQuery ends the login. A client may send queries earlier: their responses follow that ReadyForQuery.
    pending: [{ kind: 'sync' }],
  };
  const onClient = (type: string, body: Buffer): void => onClientMessage(state, type, body);
  const onServer = (type: string, body: Buffer): void => onServerMessage(state, type, body);
  return {
    fromClient: createMessageReader({ keep: FROM_CLIENT, hasStartup: true, onMessage: onClient }),
    fromServer: createMessageReader({ keep: FROM_SERVER, hasStartup: false, onMessage: onServer }),
  };
}

/** Keeps the texts of statements, and starts the timer of each query. */
function onClientMessage(state: WatchState, type: string, body: Buffer): void {
  // Zero-terminated strings; the last one may be cut off.
  const [first = '', second = ''] = body.toString('utf8').split('\0');
  switch (type) {
    case '': // The startup packet
      state.branch = databaseOf(body);
      break;
    case 'Q': // Query
      state.pending.push({ kind: 'query', report: startReport(state, first) });
      break;
    case 'P': // Parse
      state.statements.set(first, second);
      break;
    case 'B': // Bind
      state.portals.set(first, state.statements.get(second) ?? '');
      break;
    case 'E': // Execute
      state.pending.push({ kind: 'execute', report: startReport(state, state.portals.get(first)) });
      break;
    case 'C': // Close
      (first.startsWith('S') ? state.statements : state.portals).delete(first.slice(1));
      break;
    case 'S': // Sync
    case 'F': // FunctionCall
      state.pending.push({ kind: 'sync' });
  }
}

function startReport({ onQuery, transport, branch }: WatchState, statement = ''): Report {
  return startTimer(onQuery, { transport, branch, statement });
}

/** The database that the packet names. PostgreSQL's default is the name of the user. */
function databaseOf(startupPacket: Buffer): string {
  const { user = '', database = user } = readParameters(startupPacket);
  return database;
}

function onServerMessage(state: WatchState, type: string, body: Buffer): void {
  switch (type) {
    case 'C': // CommandComplete
      onOutcome(state, parseTag(body.toString('latin1', 0, body.length - 1)));
      break;
    case 'I': // EmptyQueryResponse
    case 's': // PortalSuspended: Execute had a row limit
      onOutcome(state, { rowCount: null });
      break;
    case 'E': // ErrorResponse
      onOutcome(state, { rowCount: null, error: readSqlState(body) });
      break;
    case 'Z': // ReadyForQuery
      onReady(state);
  }
}

/** Reports an Execute at once. For a Query, keeps the outcome until ReadyForQuery. */
function onOutcome(state: WatchState, outcome: Outcome): void {
  // Skip each Sync before the command: PostgreSQL does not respond to a Sync that it has read as part of a COPY.
  const next = state.pending.findIndex(({ kind }) => kind !== 'sync');
  if (next < 0) return;
  state.pending.splice(0, next);
  const [oldest] = state.pending;
  if (oldest?.kind === 'query') oldest.outcome = outcome;
  if (oldest?.kind !== 'execute') return;
  oldest.report(outcome);
  state.pending.shift();
  // After an error PostgreSQL skips all messages up to the Sync.
  if (outcome.error !== undefined) while (state.pending[0]?.kind === 'execute') state.pending.shift();
}

function onReady(state: WatchState): void {
  const oldest = state.pending.shift();
  if (oldest?.kind === 'query') oldest.report(oldest.outcome ?? { rowCount: null });
}
