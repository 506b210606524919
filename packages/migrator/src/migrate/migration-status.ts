/** Determines the state of each migration from the files, the journal and the migrations table. */
import type { Session } from '@todo/client/session';
import { type Migration, type MigrationFolder, readFolder } from './folder.ts';
import { type MigrationRow, readMigrationRows } from './migrations-table.ts';
import { checksumOf, readRunRecords, type RunRecord } from './run-record.ts';

export interface MigrationState {
  readonly name: string;
  readonly state:
    /** Recorded in the migrations table, with the current hash of the file. */
    | 'applied'
    /** Newer than all applied migrations. The next run applies it. */
    | 'pending'
    /** The file runs outside a transaction and was interrupted, or a statement of it failed. The next run continues the file. */
    | 'half-applied'
    /** Recorded with another hash: the file was changed after it ran, or its first part was changed after that part ran. */
    | 'edited'
    /** The journal names the migration, and there is no file. */
    | 'missing'
    /** A file or a row of the migrations table that the journal does not name. */
    | 'unknown'
    /** `drizzle.todo_db_migrations` records the migration as applied, and its row in the migrations table is missing. */
    | 'unrecorded'
    /** Not applied, and not newer than an applied migration or an earlier one of the journal: Drizzle's migrator would never apply it. */
    | 'out-of-order';
  /** Absent if the migration was baselined or applied by another tool: Drizzle's migrations table has no column for the time. */
  readonly appliedAt?: Date;
  /** The number of statements that a `half-applied` file has done. */
  readonly statementsDone?: number;
}

/**
 * Lists the migrations in the order of the journal, then unknown files and rows. Writes nothing. If a database was never migrated, all
 * migrations are pending.
 * @param migrations the migrations folder.
 * @throws {MigrationError} `FOLDER_INVALID`; `MIGRATIONS_TABLE_UNREADABLE`.
 */
export async function migrationStatus(session: Session, migrations: string): Promise<MigrationState[]> {
  return (await readHistory(session, await readFolder(migrations))).states;
}

export interface History {
  readonly states: MigrationState[];
  /** Whether no migration is recorded as applied or begun: before the first migration, or if the migrations table was emptied. */
  readonly hasNoRecords: boolean;
}

/** Compares the files with the migrations table and with the records of runs. */
export async function readHistory(session: Session, folder: MigrationFolder): Promise<History> {
  const rows = await readMigrationRows(session);
  const records = await readRunRecords(session);
  return {
    states: compareHistory(folder, rows, records),
    hasNoRecords: rows.length === 0 && records.every(({ appliedAt }) => appliedAt !== null),
  };
}

function compareHistory(
  { migrations, strays }: MigrationFolder,
  rows: readonly MigrationRow[],
  records: readonly RunRecord[],
): MigrationState[] {
  // A migration is identified by the time at which its file was written.
  const recordByTime = new Map(records.map((record) => [record.createdAt, record]));
  const journalTimes = new Set(migrations.map(({ createdAt }) => createdAt));
  const rowTimes = new Set(rows.map(({ createdAt }) => createdAt));
  const unknownRows = rows.filter(({ createdAt }) => !journalTimes.has(createdAt));
  const interruptedRuns = records.filter(({ appliedAt }) => appliedAt === null);
  return [
    ...migrations.map((migration, index) =>
      stateOf(migration, migrations.slice(0, index), rows, recordByTime.get(migration.createdAt)),
    ),
    ...strays.map((name): MigrationState => ({ name, state: 'unknown' })),
    ...unknownRows.map((row) => stateOfUnknownRow(row, recordByTime.get(row.createdAt))),
    ...interruptedRuns
      .filter(({ createdAt }) => !journalTimes.has(createdAt) && !rowTimes.has(createdAt))
      .map(({ name }): MigrationState => ({ name, state: 'unknown' })),
  ];
}

/** The state of a migration of the journal. `earlier`: the migrations before it in the journal. */
function stateOf(
  { name, createdAt, file }: Migration,
  earlier: readonly Migration[],
  rows: readonly MigrationRow[],
  record: RunRecord | undefined,
): MigrationState {
  if (file === undefined) return { name, state: 'missing' };
  const ownRows = rows.filter((row) => row.createdAt === createdAt);
  if (ownRows.some(({ hash }) => hash === file.hash)) return { name, state: 'applied', ...timeOf(record) };

  if (earlier.some((other) => other.createdAt >= createdAt)) return { name, state: 'out-of-order' };
  if (ownRows.length > 0) return { name, state: 'edited', ...timeOf(record) };
  if (rows.some((row) => row.createdAt > createdAt)) return { name, state: 'out-of-order' };
  if (record === undefined) return { name, state: 'pending' };
  // If the migrations table has other rows, the row of this migration was removed. If it is empty, the whole database is compared instead.
  if (record.appliedAt !== null) return { name, state: rows.length > 0 ? 'unrecorded' : 'pending' };
  const isContinued = !file.isTransactional && checksumOf(file, record.statementsBegun) === record.checksum;
  return { name, state: isContinued ? 'half-applied' : 'edited', statementsDone: record.statementsDone };
}

/**
 * The state of a row that belongs to no migration of the journal. The migrations table has no names: if `drizzle.todo_db_migrations` has none either, the name
 * is the date and the beginning of the hash.
 */
function stateOfUnknownRow({ createdAt, hash }: MigrationRow, record: RunRecord | undefined): MigrationState {
  const name = record?.name ?? `${new Date(createdAt).toISOString()} ${hash.slice(0, 12)}`;
  return { name, state: 'unknown', ...timeOf(record) };
}

/** The time at which the migration was applied, if it is known. */
function timeOf(record: RunRecord | undefined): Pick<MigrationState, 'appliedAt'> {
  return record?.appliedAt ? { appliedAt: record.appliedAt } : {};
}
