/**
 * The last door before a database that is only to be read: a statement that is not a read is refused before it is sent. It is
 * PostgreSQL's own parser that reads it, so that no comment, quote or CTE hides a write.
 *
 * The server's read-only transactions are the first line. They let through what this one does not: locks, signals to other
 * sessions, a reset of statistics, a new transaction id.
 */
import { loadModule, type Node, parseSync } from 'libpg-query';

/** A check that says that it reads has tried something else: a bug of the check. */
export class WriteRefused extends Error {
  override readonly name = 'WriteRefused';
}

/** Throws `WriteRefused` unless each statement of a text only reads. A text that cannot be parsed is the server's to refuse. */
export type ReadGuard = (text: string) => void;

export async function loadReadGuard(): Promise<ReadGuard> {
  await loadModule();
  return (text) => {
    for (const statement of statementsOf(text)) {
      const what = findEffect(statement);
      if (what !== undefined)
        throw new WriteRefused(`Refused before it was sent, because checks only read here: ${what}`);
    }
  };
}

/** A node of the parser's tree: one key, its type, and the fields below it. */
type Tree = Readonly<Record<string, unknown>>;

function statementsOf(text: string): Node[] {
  try {
    return (parseSync(text).stmts ?? []).flatMap(({ stmt }) => (stmt === undefined ? [] : [stmt]));
  } catch {
    return [];
  }
}

/** What a statement would do beside reading; undefined when it only reads. */
function findEffect(statement: Node): string | undefined {
  const [type = '', fields = {}] = Object.entries(statement)[0] ?? [];
  if (!READS.has(type)) return type.replace(/Stmt$/, '');
  return effectBelow(type, fields);
}

/** Statements that may read; what stands in them decides. */
const READS = new Set([
  'SelectStmt',
  'ExplainStmt',
  'PrepareStmt',
  'ExecuteStmt',
  'DeallocateStmt',
  'DeclareCursorStmt',
  'FetchStmt',
  'ClosePortalStmt',
  'TransactionStmt',
  'VariableSetStmt',
  'VariableShowStmt',
]);

function effectBelow(type: string, fields: unknown): string | undefined {
  if (typeof fields !== 'object' || fields === null) return undefined;
  if (Array.isArray(fields)) return firstOf(fields, (item) => effectBelow('', item));
  return (
    RULES[type]?.(fields as Tree) ??
    firstOf(Object.entries(fields), ([key, value]) =>
      WRITES.has(key) ? key.replace(/Stmt$/, '') : effectBelow(key, value),
    )
  );
}

function firstOf<T>(items: readonly T[], find: (item: T) => string | undefined): string | undefined {
  for (const item of items) {
    const found = find(item);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Statements that stand inside another: in a CTE, or behind EXPLAIN and PREPARE. */
const WRITES = new Set([
  'InsertStmt',
  'UpdateStmt',
  'DeleteStmt',
  'MergeStmt',
  'CreateTableAsStmt',
  'RefreshMatViewStmt',
]);

const RULES: Readonly<Record<string, (fields: Tree) => string | undefined>> = {
  SelectStmt: ({ intoClause, lockingClause }) => {
    if (intoClause !== undefined) return 'SELECT INTO';
    return lockingClause === undefined ? undefined : 'SELECT FOR UPDATE or SHARE';
  },
  FuncCall: ({ funcname }) => {
    const name = JSON.stringify(funcname).match(/"sval":"([^"]*)"\}\}\]$/)?.[1] ?? '';
    return EFFECTS.test(name) ? `${name}()` : undefined;
  },
  TransactionStmt: ({ kind, options }) => {
    if (/PREPARE/.test(String(kind))) return 'a prepared transaction';
    return isReadWrite(options) ? 'READ WRITE' : undefined;
  },
  VariableSetStmt: ({ name, args }) => {
    if (name === 'TRANSACTION' || name === 'SESSION CHARACTERISTICS')
      return isReadWrite(args) ? 'READ WRITE' : undefined;
    const isGuard = /^(default_)?transaction_read_only$|^role$|^session_/.test(String(name));
    return isGuard && !/"sval":"on"|"boolval":true/.test(JSON.stringify(args ?? ''))
      ? `SET ${String(name)}`
      : undefined;
  },
};

/** `READ WRITE` is `transaction_read_only = 0`, which the parser's tree writes by leaving the number out. */
function isReadWrite(options: unknown): boolean {
  return /"defname":"transaction_read_only","arg":\{"A_Const":\{"ival":\{\}/.test(JSON.stringify(options ?? ''));
}

/** Functions that do what a read-only transaction does not prevent, or that run SQL from a text. */
const EFFECTS = new RegExp(
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
