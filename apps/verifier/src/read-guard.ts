/**
 * Refuses a statement that writes before it is sent to a database that may only be read. PostgreSQL's own parser reads the statement,
 * so that no comment, quote or CTE hides a write.
 *
 * The server's transactions are read-only too. But a read-only transaction allows locks, signals to other sessions, resets of
 * statistics and new transaction ids. This guard also refuses these.
 */
import { loadModule, type Node, parseSync } from 'libpg-query';

/** A check with mode `reads` tried to write: a bug of the check. */
export class WriteRefused extends Error {
  override readonly name = 'WriteRefused';
}

/** Throws `WriteRefused` unless each statement only reads. Lets invalid SQL pass: the server refuses it. */
export type ReadGuard = (text: string) => void;

export async function loadReadGuard(): Promise<ReadGuard> {
  await loadModule();
  return (text) => {
    for (const statement of parseStatements(text)) {
      const effect = findEffect(statement);
      if (effect !== undefined)
        throw new WriteRefused(
          `A statement was not sent, because checks may only read this database: it contains ${effect}`,
        );
    }
  };
}

/** The fields of a node of the parse tree. A node is an object with one key, which is its type: `{ SelectStmt: fields }`. */
type Fields = Readonly<Record<string, unknown>>;

function parseStatements(text: string): Node[] {
  try {
    return (parseSync(text).stmts ?? []).flatMap(({ stmt }) => (stmt === undefined ? [] : [stmt]));
  } catch {
    return [];
  }
}

/** The effect of a statement besides reading; undefined if there is none. */
function findEffect(statement: Node): string | undefined {
  const [type = '', fields = {}] = Object.entries(statement)[0] ?? [];
  if (!POSSIBLE_READS.test(type)) return type.replace(/Stmt$/, '');
  return findEffectInside(type, fields);
}

/** Statement types that can be reads, depending on the nodes inside. Every other type has an effect. */
const POSSIBLE_READS =
  /^(Select|Explain|Prepare|Execute|Deallocate|DeclareCursor|Fetch|ClosePortal|Transaction|Variable(Set|Show))Stmt$/;

/** The first effect of a node or of a node inside it. */
function findEffectInside(type: string, fields: unknown): string | undefined {
  if (typeof fields !== 'object' || fields === null) return undefined;
  if (Array.isArray(fields)) return findFirst(fields, (item) => findEffectInside('', item));
  return (
    RULES[type]?.(fields as Fields) ??
    findFirst(Object.entries(fields), ([key, value]) =>
      WRITES.test(key) ? key.replace(/Stmt$/, '') : findEffectInside(key, value),
    )
  );
}

/** The first result of `find` that is not undefined. */
function findFirst<T>(items: readonly T[], find: (item: T) => string | undefined): string | undefined {
  for (const item of items) {
    const found = find(item);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Statement types that write. They can be inside another statement: a CTE, EXPLAIN or PREPARE. */
const WRITES = /^(Insert|Update|Delete|Merge|CreateTableAs|RefreshMatView)Stmt$/;

/** The effect of a node besides reading, by the node's type. */
const RULES: Readonly<Record<string, (fields: Fields) => string | undefined>> = {
  SelectStmt: ({ intoClause, lockingClause }) => {
    if (intoClause !== undefined) return 'SELECT INTO';
    return lockingClause === undefined ? undefined : 'SELECT FOR UPDATE or SHARE';
  },
  FuncCall: ({ funcname }) => {
    // The last part of the name: `pg_catalog.nextval` is a list of two strings.
    const name = JSON.stringify(funcname).match(/"sval":"([^"]*)"\}\}\]$/)?.[1] ?? '';
    return FUNCTIONS_WITH_EFFECTS.test(name) ? `${name}()` : undefined;
  },
  TransactionStmt: ({ kind, options }) => {
    if (/PREPARE/.test(String(kind))) return 'a prepared transaction';
    return isReadWrite(options) ? 'READ WRITE' : undefined;
  },
  VariableSetStmt: ({ name, args }) => {
    if (name === 'TRANSACTION' || name === 'SESSION CHARACTERISTICS')
      return isReadWrite(args) ? 'READ WRITE' : undefined;
    // These settings protect the database. They may only be switched on.
    const isProtection = /^(default_)?transaction_read_only$|^role$|^session_/.test(String(name));
    return isProtection && !/"sval":"on"|"boolval":true/.test(JSON.stringify(args ?? ''))
      ? `SET ${String(name)}`
      : undefined;
  },
};

/** `READ WRITE` is `transaction_read_only = 0` in the parse tree, which omits the number 0. */
function isReadWrite(options: unknown): boolean {
  return /"defname":"transaction_read_only","arg":\{"A_Const":\{"ival":\{\}/.test(JSON.stringify(options ?? ''));
}

/** Functions with effects that a read-only transaction allows, and functions that run SQL from a text. */
const FUNCTIONS_WITH_EFFECTS = new RegExp(
  `^(${[
    'nextval|setval|set_config|txid_current|pg_current_xact_id',
    'pg_(try_)?advisory_.*',
    'pg_(terminate|cancel)_backend|pg_reload_conf|pg_rotate_logfile|pg_promote|pg_notify|pg_log_.*',
    'pg_stat_reset.*|pg_stat_force_next_flush|pg_stat_clear_snapshot',
    'pg_(switch_wal|create_restore_point|backup_.*|logical_.*|replication_.*|create_.*_replication_slot|drop_replication_slot|export_snapshot)',
    'lo_.*|loread|lowrite|pg_read_.*file|pg_ls_.*|pg_file_.*',
    'dblink.*|(query|cursor|table|schema|database)_to_xml.*',
  ].join('|')})$`,
);
