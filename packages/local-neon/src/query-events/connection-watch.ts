/**
 * Which queries pass on a PostgreSQL connection, and how they end, read from the bytes of both directions without touching
 * them: https://www.postgresql.org/docs/current/protocol-flow.html
 */
import { createMessageReader } from '../wire/message-reader.ts';
import { type OnQuery, type Outcome, STATEMENT_BYTES_MAX, startTimer, type Transport } from './query-event.ts';

export interface ConnectionWatch {
  readonly fromClient: (bytes: Buffer) => void;
  readonly fromServer: (bytes: Buffer) => void;
}

/** What the server has yet to answer, in order. */
type Awaited =
  /** Ends with the first command that completes, or with an error. */
  | { readonly kind: 'execute'; readonly tell: (outcome: Outcome) => void }
  /** The simple protocol: one or several statements, all told as one when the server is ready again. */
  | { readonly kind: 'query'; readonly tell: (outcome: Outcome) => void; outcome?: Outcome }
  /** The server says that it is ready. */
  | { readonly kind: 'sync' };

const NAMES_BYTES_MAX = 1024;
const FROM_CLIENT = {
  '': 10_000,
  Q: STATEMENT_BYTES_MAX,
  P: NAMES_BYTES_MAX + STATEMENT_BYTES_MAX,
  B: NAMES_BYTES_MAX,
  E: NAMES_BYTES_MAX,
  C: NAMES_BYTES_MAX,
};
const FROM_SERVER = { C: 256, E: 4096 };

/** Watches a connection from its startup packet on. */
export function watchConnection(transport: Transport, onQuery: OnQuery): ConnectionWatch {
  let branch = '';
  let isReady = false;
  const statements = new Map<string, string>();
  const portals = new Map<string, string>();
  let awaited: Awaited[] = [];

  const time = (statement = ''): ((outcome: Outcome) => void) => startTimer(onQuery, { transport, branch, statement });

  const fromClient = (type: string, bytes: Buffer): void => {
    const [first = '', second = ''] = readStrings(bytes);
    switch (type) {
      case '':
        branch = databaseOf(bytes);
        break;
      case 'Q':
        awaited.push({ kind: 'query', tell: time(first) });
        break;
      case 'P':
        statements.set(first, second);
        break;
      case 'B':
        portals.set(first, statements.get(second) ?? '');
        break;
      case 'E':
        awaited.push({ kind: 'execute', tell: time(portals.get(first)) });
        break;
      case 'C':
        (first.startsWith('S') ? statements : portals).delete(first.slice(1));
        break;
      // Sync, and a function call, which ends like one.
      case 'S':
      case 'F':
        awaited.push({ kind: 'sync' });
    }
  };

  const finish = (outcome: Outcome): void => {
    // A Sync that the server read as part of a COPY is never answered.
    const next = awaited.findIndex(({ kind }) => kind !== 'sync');
    if (next < 0) return;
    awaited = awaited.slice(next);
    const [head] = awaited;
    if (head?.kind === 'query') head.outcome = outcome;
    if (head?.kind !== 'execute') return;
    head.tell(outcome);
    awaited.shift();
    // What follows a failed one is skipped up to the Sync.
    if (outcome.error !== undefined) while (awaited[0]?.kind === 'execute') awaited.shift();
  };

  const ready = (): void => {
    // The first is the end of the login; whoever sends its query ahead of that is answered later.
    if (!isReady) isReady = true;
    else {
      const head = awaited.shift();
      if (head?.kind === 'query') head.tell(head.outcome ?? { rowCount: null });
    }
  };

  const fromServer = (type: string, bytes: Buffer): void => {
    switch (type) {
      case 'C':
        finish({ rowCount: countIn(bytes) });
        break;
      // An empty statement; a portal that was asked for some of its rows only.
      case 'I':
      case 's':
        finish({ rowCount: null });
        break;
      case 'E':
        finish({ rowCount: null, error: sqlStateOf(bytes) });
        break;
      case 'Z':
        ready();
    }
  };

  return {
    fromClient: createMessageReader({ keep: FROM_CLIENT, hasStartup: true, onMessage: fromClient }),
    fromServer: createMessageReader({ keep: FROM_SERVER, hasStartup: false, onMessage: fromServer }),
  };
}

/** Its strings, each with a zero byte behind it; the last may be cut off. */
function readStrings(bytes: Buffer): string[] {
  return bytes.toString('utf8').split('\0');
}

/** Behind the protocol's version: names and values in turn. The database is the user's name unless it is given. */
function databaseOf(startupPacket: Buffer): string {
  const words = readStrings(startupPacket.subarray(4));
  const valueOf = (name: string): string | undefined => {
    const index = words.findIndex((word, position) => position % 2 === 0 && word === name);
    return index < 0 ? undefined : words[index + 1];
  };
  return valueOf('database') ?? valueOf('user') ?? '';
}

/** Of a command tag: `INSERT 0 5`, `SELECT 5`; `CREATE TABLE` has none. */
function countIn(tag: Buffer): number | null {
  const count = / (\d+)\0$/.exec(tag.toString('latin1'))?.[1];
  return count === undefined ? null : Number(count);
}

/** https://www.postgresql.org/docs/current/protocol-error-fields.html */
function sqlStateOf(errorResponse: Buffer): string {
  return (
    readStrings(errorResponse)
      .find((field) => field.startsWith('C'))
      ?.slice(1) ?? ''
  );
}
