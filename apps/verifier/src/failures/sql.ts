/** Failures of statements. PostgreSQL's message may contain a value, so only names are taken from the error. */
import type { Layer } from '../error-chain.ts';
import { type Failure, fromPostgres, fromProxy } from './failure.ts';

const BASELINE =
  'Run pnpm db:migrate. If the tables match the migrations, it records them as applied. Otherwise it changes nothing, and prints the statements to run first.';

/** Returns a `cause` that adds the name of the constraint or column. */
const addName = (what: string) => (layer: Layer) => {
  const name = layer.constraint ?? layer.column;
  return name === undefined ? `${what}.` : `${what}: ${name}.`;
};

export const SQL = {
  'table-exists': {
    codes: ['42P07'],
    cause: 'The table exists already: `push` or an unrecorded migration created it.',
    remedy: BASELINE,
    examples: [fromPostgres('42P07', 'relation "user" already exists')],
  },
  'constraint-exists': {
    codes: ['42710'],
    cause: 'The object exists already: the migration ran before, in part or without a record.',
    remedy: BASELINE,
    examples: [fromPostgres('42710', 'constraint "todo_user_id_fkey" for relation "todo" already exists')],
  },
  'no-table': {
    codes: ['42P01'],
    cause:
      'A table is missing: the database is not migrated, is another branch or has another search_path; or the code has `"User"` for `"user"`.',
    remedy: 'Run pnpm db:migrate. If there is nothing to migrate, run pnpm verify --only connect.',
    examples: [fromPostgres('42P01', 'relation "todo" does not exist')],
  },
  'no-column': {
    codes: ['42703'],
    cause: 'A column is missing: the code is ahead of the database, or a migration was skipped.',
    remedy: 'Run pnpm db:migrate. If there is nothing to migrate, run pnpm verify --only migrate schema.',
    examples: [fromPostgres('42703', 'column "due" does not exist')],
  },
  'user-is-a-keyword': {
    text: /syntax error at or near "user"/i,
    cause: '`user` is an SQL keyword: without quotes it is the name of the role.',
    remedy: 'Write "user" with quotes, or let Drizzle write the statement.',
    examples: [fromPostgres('42601', 'syntax error at or near "user"')],
  },
  'row-security': {
    text: /row-level security/,
    cause: 'Row-level security hides or refuses the rows.',
    remedy:
      'Add a policy to the code, or run ALTER TABLE … DISABLE ROW LEVEL SECURITY. pnpm verify --only schema/rls shows each difference.',
    examples: [fromPostgres('42501', 'new row violates row-level security policy for table "todo"')],
  },
  'no-right': {
    codes: ['42501'],
    cause: 'The user lacks a required privilege.',
    remedy:
      'Connect as the owner of the tables, or GRANT the privilege. pnpm verify --only schema/privileges names it.',
    examples: [fromPostgres('42501', 'permission denied for table todo')],
  },
  duplicate: {
    codes: ['23505'],
    cause: addName('A row with the same unique values exists already'),
    remedy: 'Handle the error by the name of the index. If it is not expected, run pnpm verify --only schema.',
    examples: [
      fromPostgres('23505', 'duplicate key value violates unique constraint', { constraint: 'idx_user_email_unique' }),
    ],
  },
  'no-owner': {
    codes: ['23503', '23001'],
    cause: addName(
      'A row refers to a row that does not exist; or a row cannot be deleted, or its key changed, because other rows refer to it',
    ),
    remedy:
      'Before an insert, insert the referenced row. Before a delete, delete the referring rows. If the error is not expected, run pnpm verify --only schema data/orphans.',
    examples: [
      fromPostgres('23503', 'violates foreign key constraint', { constraint: 'todo_user_id_fkey' }),
      fromPostgres('23001', 'violates RESTRICT setting of foreign key constraint'),
    ],
  },
  'no-value': {
    codes: ['23502'],
    cause: addName('A column does not accept null'),
    remedy: 'Set a value, or a default in the schema. If the error is not expected, run pnpm verify --only schema.',
    examples: [fromPostgres('23502', 'null value in column "title" violates not-null constraint', { column: 'title' })],
  },
  'too-long': {
    codes: ['22001'],
    cause: 'A text is longer than its column.',
    remedy:
      'Validate input with the validators of the table. If the error is not expected, run pnpm verify --only schema.',
    examples: [fromPostgres('22001', 'value too long for type character varying(200)')],
  },
  'check-violated': {
    codes: ['23514', '23P01'],
    cause: addName('A CHECK or exclusion constraint refuses the row'),
    remedy: 'Change the values of the row. If the error is not expected, run pnpm verify --only schema.',
    examples: [
      fromPostgres('23514', 'new row violates check constraint', { constraint: 'short' }),
      fromPostgres('23P01', 'conflicting key value violates exclusion constraint'),
    ],
  },
  'bad-input': {
    codes: ['22021', '22P02', '22003', '22007', '22008', '22P05'],
    cause: 'A value is invalid for the type of its column.',
    remedy: 'Validate input with the validators of the table. Treat an id beyond 2147483647 as "not found".',
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
    cause: 'A statement was canceled: by statement_timeout, perhaps while it waited for a lock, or by a person.',
    remedy:
      'For a slow statement, use EXPLAIN and pnpm verify --only perf/index-used. For a lock, pg_stat_activity shows the session that holds it.',
    examples: [
      fromPostgres('57014', 'canceling statement due to statement timeout'),
      fromProxy('Query cancelled, connection was terminated'),
    ],
  },
  contention: {
    codes: ['55P03', '40P01', '40001'],
    cause: 'Another transaction held a lock, or changed the same rows.',
    remedy: 'Try again; if that fails, look for a migration or a long transaction in pg_stat_activity.',
    examples: [
      fromPostgres('55P03', 'canceling statement due to lock timeout'),
      fromPostgres('40P01', 'deadlock detected'),
      fromPostgres('40001', 'could not serialize access due to concurrent update'),
    ],
  },
  'read-only': {
    codes: ['25006'],
    cause: 'The database is read-only: a read replica, or read-only by default.',
    remedy: 'Use the connection string of the branch’s primary compute. Test: pnpm verify --only connect/writable',
    examples: [fromPostgres('25006', 'cannot execute INSERT in a read-only transaction')],
  },
  'transaction-failed': {
    codes: ['25P02'],
    text: /was rolled back, because a statement in it failed and its error was caught/,
    cause:
      'An earlier statement of the transaction failed and its error was ignored: PostgreSQL refuses the later ones.',
    remedy: 'Find the first error; put statements that may fail into a savepoint (`tx.transaction`).',
    examples: [
      {
        name: 'DatabaseError',
        message: 'The transaction was rolled back, because a statement in it failed and its error was caught.',
      },
      fromPostgres('25P02', 'current transaction is aborted, commands ignored until end of transaction block'),
    ],
  },
  'cached-plan': {
    text: /cached plan must not change result type/,
    cause: 'The schema changed after the statement was prepared.',
    remedy: 'Try again on a new connection; restart the application after a migration.',
    examples: [fromPostgres('0A000', 'cached plan must not change result type')],
  },
  'prepared-statement': {
    codes: ['42P05', '26000'],
    cause: 'The prepared statement is missing, or exists already. A pooler, which changes connections, can cause both.',
    remedy: 'Use unnamed statements, or the direct host (without `-pooler`).',
    examples: [
      fromPostgres('42P05', 'prepared statement "a" already exists'),
      fromPostgres('26000', 'prepared statement "a" does not exist'),
    ],
  },
  'storage-full': {
    codes: ['53100'],
    text: /project size limit .* has been exceeded/,
    cause: 'The disk is full, or the storage quota of the project is used up.',
    remedy:
      'Get more storage: on Neon, upgrade the plan. Or drop tables and indexes that nobody needs: DELETE alone frees no space on the disk.',
    examples: [
      fromPostgres('53100', 'could not extend file because project size limit (512 MB) has been exceeded'),
      fromProxy('could not extend file because project size limit (512 MB) has been exceeded'),
    ],
  },
  'being-cloned': {
    text: /source database ".*" is being accessed by other users/,
    cause: 'PostgreSQL does not clone a database that has sessions.',
    remedy: 'End the other sessions (pg_stat_activity lists them), then run the command again.',
    examples: [fromPostgres('55006', 'source database "todo" is being accessed by other users')],
  },
} satisfies Record<string, Failure>;
