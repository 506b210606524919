/** What the files, their journal and the database's migrations table say about each migration, taken together. */
import type { Session } from '@todo/client/session';
import { type Migration, type MigrationFolder, readFolder } from './folder.ts';
import { type MigrationRow, readMigrationRows } from './migrations-table.ts';
import { checksumOf, readRunRecords, type RunRecord } from './run-record.ts';

/**
 * - `applied`: recorded in the migrations table, with the hash that the file has now.
 * - `pending`: newer than all that is applied; the next run applies it.
 * - `half-applied`: it runs outside a transaction and was interrupted, or one of its statements failed; the next run
 *   continues it.
 * - `edited`: recorded with another hash: the file was changed after it ran, or its beginning after that ran.
 * - `missing`: the journal names it and there is no file.
 * - `unknown`: a file that the journal does not name, or a row of the migrations table that it does not.
 * - `unrecorded`: it was applied, as we remember, and its row in the migrations table is gone.
 * - `out-of-order`: not applied, and not newer than what is, or than what the journal lists before it: Drizzle's own
 *   migrator would skip it for good.
 */
export interface MigrationState {
  readonly name: string;
  readonly state:
    | 'applied'
    | 'pending'
    | 'half-applied'
    | 'edited'
    | 'missing'
    | 'unknown'
    | 'unrecorded'
    | 'out-of-order';
  /** Absent for what was baselined or applied by another tool: Drizzle's migrations table has no column for it. */
  readonly appliedAt?: Date;
  /** How far a `half-applied` file came. */
  readonly statementsDone?: number;
}

/**
 * Lists the migrations in the journal's order, then what the journal does not know. Writes nothing; a database that was
 * never migrated has all pending.
 * @param migrations the migrations folder.
 * @throws {MigrationError} `FOLDER_INVALID`; `MIGRATIONS_TABLE_UNREADABLE`.
 */
export async function migrationStatus(session: Session, migrations: string): Promise<MigrationState[]> {
  return (await readHistory(session, await readFolder(migrations))).states;
}

export interface History {
  readonly states: MigrationState[];
  /** Whether nothing is recorded as applied or begun, as before the first migration, or after somebody emptied the migrations table. */
  readonly isBlank: boolean;
}

export async function readHistory(session: Session, folder: MigrationFolder): Promise<History> {
  const rows = await readMigrationRows(session);
  const records = await readRunRecords(session);
  return {
    states: compareHistory(folder, rows, records),
    isBlank: rows.length === 0 && records.every(({ appliedAt }) => appliedAt !== null),
  };
}

function compareHistory(
  { migrations, strays }: MigrationFolder,
  rows: readonly MigrationRow[],
  records: readonly RunRecord[],
): MigrationState[] {
  const recordOf = new Map(records.map((record) => [record.createdAt, record]));
  const known = new Set(migrations.map(({ createdAt }) => createdAt));
  const recorded = new Set([...known, ...rows.map(({ createdAt }) => createdAt)]);
  return [
    ...migrations.map((migration, index) =>
      stateOf(migration, migrations.slice(0, index), rows, recordOf.get(migration.createdAt)),
    ),
    ...strays.map((name): MigrationState => ({ name, state: 'unknown' })),
    ...rows.filter(({ createdAt }) => !known.has(createdAt)).map((row) => unknownRow(row, recordOf.get(row.createdAt))),
    ...records
      .filter(({ createdAt, appliedAt }) => appliedAt === null && !recorded.has(createdAt))
      .map(({ name }): MigrationState => ({ name, state: 'unknown' })),
  ];
}

function stateOf(
  { name, createdAt, file }: Migration,
  before: readonly Migration[],
  rows: readonly MigrationRow[],
  record: RunRecord | undefined,
): MigrationState {
  if (file === undefined) return { name, state: 'missing' };
  const own = rows.filter((row) => row.createdAt === createdAt);
  if (own.some(({ hash }) => hash === file.hash)) return { name, state: 'applied', ...timeOf(record) };

  if (before.some((other) => other.createdAt >= createdAt)) return { name, state: 'out-of-order' };
  if (own.length > 0) return { name, state: 'edited', ...timeOf(record) };
  if (rows.some((row) => row.createdAt > createdAt)) return { name, state: 'out-of-order' };
  if (record === undefined) return { name, state: 'pending' };
  // In an empty table no row stands out: all of it is to be compared with the tables.
  if (record.appliedAt !== null) return { name, state: rows.length > 0 ? 'unrecorded' : 'pending' };
  const isContinued = !file.isTransactional && checksumOf(file, record.statementsBegun) === record.checksum;
  return { name, state: isContinued ? 'half-applied' : 'edited', statementsDone: record.statementsDone };
}

/** The table keeps no names: where nobody else does, the file's date and the beginning of its hash have to do. */
function unknownRow({ createdAt, hash }: MigrationRow, record: RunRecord | undefined): MigrationState {
  const name = record?.name ?? `${new Date(createdAt).toISOString()} ${hash.slice(0, 12)}`;
  return { name, state: 'unknown', ...timeOf(record) };
}

function timeOf(record: RunRecord | undefined): Pick<MigrationState, 'appliedAt'> {
  return record?.appliedAt ? { appliedAt: record.appliedAt } : {};
}
