/** A statement is refused. PostgreSQL's words may hold a value, so only names are taken from them. */
import type { Layer } from '../error-chain.ts';
import { type Failure, fromPostgres, fromProxy } from './failure.ts';

const BASELINE =
  'pnpm db:migrate   # records tables that equal the migrations as applied; where they differ, it says how: then reset the branch';

const named = (what: string) => (layer: Layer) => {
  const name = layer.constraint ?? layer.column;
  return name === undefined ? `${what}.` : `${what}: ${name}.`;
};

export const SQL = {
  'table-exists': {
    codes: ['42P07'],
    cause: 'The table is there already: made by `push`, or by a migration that was not recorded.',
    remedy: BASELINE,
    examples: [fromPostgres('42P07', 'relation "user" already exists')],
  },
  'constraint-exists': {
    codes: ['42710'],
    cause: 'What the migration makes is there already: it ran before, in part or without a record.',
    remedy: BASELINE,
    examples: [fromPostgres('42710', 'constraint "todo_user_id_fkey" for relation "todo" already exists')],
  },
  'no-table': {
    codes: ['42P01'],
    cause: 'A table is missing: not migrated, another branch, another search_path, or `"User"` for `"user"`.',
    remedy: 'pnpm db:migrate   # if it has nothing to do: pnpm verify --only connect',
    examples: [fromPostgres('42P01', 'relation "todo" does not exist')],
  },
  'no-column': {
    codes: ['42703'],
    cause: 'A column is missing: the code is ahead of the database, or a migration was skipped.',
    remedy: 'pnpm db:migrate   # if it has nothing to do: pnpm verify --only migrate schema',
    examples: [fromPostgres('42703', 'column "due" does not exist')],
  },
  'user-is-a-keyword': {
    text: /syntax error at or near "user"/i,
    cause: '`user` is a keyword of SQL: without quotes it is the name of the role.',
    remedy: 'Write "user" with quotes, or let Drizzle write the statement.',
    examples: [fromPostgres('42601', 'syntax error at or near "user"')],
  },
  'row-security': {
    text: /row-level security/,
    cause: 'Row-level security hides the rows, or refuses them.',
    remedy: 'pnpm verify --only schema/rls   # then: ALTER TABLE … DISABLE ROW LEVEL SECURITY, or a policy in the code',
    examples: [fromPostgres('42501', 'new row violates row-level security policy for table "todo"')],
  },
  'no-right': {
    codes: ['42501'],
    cause: 'The user lacks a right that this takes.',
    remedy: 'Connect as the owner of the tables, or GRANT the right: pnpm verify --only schema/privileges',
    examples: [fromPostgres('42501', 'permission denied for table todo')],
  },
  duplicate: {
    codes: ['23505'],
    cause: named('Such a row is there already, which a unique index forbids'),
    remedy: 'Catch it by the index’s name. Not expected? pnpm verify --only schema',
    examples: [
      fromPostgres('23505', 'duplicate key value violates unique constraint', { constraint: 'idx_user_email_unique' }),
    ],
  },
  'no-owner': {
    codes: ['23503', '23001'],
    cause: named('A row points to one that is not there, or still has rows that point to it'),
    remedy: 'Make the row that is pointed to first. Not expected? pnpm verify --only schema data/orphans',
    examples: [
      fromPostgres('23503', 'violates foreign key constraint', { constraint: 'todo_user_id_fkey' }),
      fromPostgres('23001', 'violates RESTRICT setting of foreign key constraint'),
    ],
  },
  'no-value': {
    codes: ['23502'],
    cause: named('A column takes no null'),
    remedy: 'Give it a value, or a default in the schema. Not expected? pnpm verify --only schema',
    examples: [fromPostgres('23502', 'null value in column "title" violates not-null constraint', { column: 'title' })],
  },
  'too-long': {
    codes: ['22001'],
    cause: 'A text is longer than its column.',
    remedy: 'Validate it first, with the validators of the table. Not expected? pnpm verify --only schema',
    examples: [fromPostgres('22001', 'value too long for type character varying(200)')],
  },
  'check-violated': {
    codes: ['23514', '23P01'],
    cause: named('A constraint that the code does not know refuses the row'),
    remedy: 'pnpm verify --only schema',
    examples: [
      fromPostgres('23514', 'new row violates check constraint', { constraint: 'short' }),
      fromPostgres('23P01', 'conflicting key value violates exclusion constraint'),
    ],
  },
  'bad-input': {
    codes: ['22021', '22P02', '22003', '22007', '22008', '22P05'],
    cause: 'A value that no column of that type takes reached SQL.',
    remedy: 'Validate input first, with the validators of the table. An id beyond 2147483647 is "not found".',
    examples: [
      fromPostgres('22021', 'invalid byte sequence for encoding "UTF8": 0x00'),
      fromPostgres('22P02', 'invalid input syntax for type integer: "hunter2"'),
      fromPostgres('22003', 'value "99999999999" is out of range for type integer'),
      fromPostgres('22007', 'invalid input syntax for type timestamp with time zone: "hunter2"'),
      fromPostgres('22008', 'date/time field value out of range: "2026-13-01"'),
      fromPostgres('22P05', 'unsupported Unicode escape sequence'),
    ],
  },
  cancelled: {
    codes: ['57014'],
    text: /Query cancelled, connection was terminated/,
    cause: 'A statement ran longer than it may, or waited for a lock.',
    remedy: 'EXPLAIN it, and: pnpm verify --only perf/index-used; pg_stat_activity shows who holds a lock.',
    examples: [
      fromPostgres('57014', 'canceling statement due to statement timeout'),
      fromProxy('Query cancelled, connection was terminated'),
    ],
  },
  contention: {
    codes: ['55P03', '40P01', '40001'],
    cause: 'Somebody else held what this needed: a lock, or rows that changed meanwhile.',
    remedy: 'Try again; if it stays, look for a running migration or a long transaction in pg_stat_activity.',
    examples: [
      fromPostgres('55P03', 'canceling statement due to lock timeout'),
      fromPostgres('40P01', 'deadlock detected'),
      fromPostgres('40001', 'could not serialize access due to concurrent update'),
    ],
  },
  'read-only': {
    codes: ['25006'],
    cause: 'The database can only be read: a read replica, or read-only by default.',
    remedy: 'Use the connection string of the branch’s primary compute: pnpm verify --only connect/writable',
    examples: [fromPostgres('25006', 'cannot execute INSERT in a read-only transaction')],
  },
  'transaction-failed': {
    codes: ['25P02'],
    text: /was rolled back, because a statement in it failed and its error was caught/,
    cause: 'An earlier error in this transaction was swallowed: the rest of it is ignored.',
    remedy: 'Look for the first error; what may fail belongs into a savepoint (`tx.transaction`).',
    examples: [
      {
        name: 'DatabaseError',
        message: 'It was rolled back, because a statement in it failed and its error was caught.',
      },
      fromPostgres('25P02', 'current transaction is aborted, commands ignored until end of transaction block'),
    ],
  },
  'cached-plan': {
    text: /cached plan must not change result type/,
    cause: 'The schema changed under a prepared statement.',
    remedy: 'Try again on a new connection; deploy the application anew after migrating.',
    examples: [fromPostgres('0A000', 'cached plan must not change result type')],
  },
  'prepared-statement': {
    codes: ['42P05', '26000'],
    cause: 'A statement prepared in SQL does not stay with its client behind a pooler.',
    remedy: 'Leave statements unnamed, or use the direct host (without `-pooler`).',
    examples: [
      fromPostgres('42P05', 'prepared statement "a" already exists'),
      fromPostgres('26000', 'prepared statement "a" does not exist'),
    ],
  },
  'storage-full': {
    codes: ['53100'],
    text: /project size limit .* has been exceeded/,
    cause: 'The storage is full: the disk’s, or the project’s quota.',
    remedy: 'Delete what is not needed, then VACUUM; or upgrade the plan.',
    examples: [
      fromPostgres('53100', 'could not extend file because project size limit (512 MB) has been exceeded'),
      fromProxy('could not extend file because project size limit (512 MB) has been exceeded'),
    ],
  },
  'being-cloned': {
    text: /source database ".*" is being accessed by other users/,
    cause: 'PostgreSQL clones only a database that nobody is connected to.',
    remedy: 'Stop what is connected (pg_stat_activity names it), then run it again.',
    examples: [fromPostgres('55006', 'source database "todo" is being accessed by other users')],
  },
} satisfies Record<string, Failure>;
