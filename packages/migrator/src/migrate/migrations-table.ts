/** Reads and writes the migrations table. It equals Drizzle's, so that drizzle-orm and drizzle-kit can also use the database. */
import { z } from 'zod';

import type { Session } from '@todo/client/session';
import type { FileMigration } from './folder.ts';
import { MigrationError } from './migration-error.ts';

export interface MigrationsTable {
  /** The schemas that contain a table of this name. Only the table in `drizzle` counts. */
  readonly schemas: readonly string[];
  /** The reason if the table in `drizzle` cannot be read. */
  readonly fault?: string;
  /** The reason if the table cannot record the next migration, or would lose its rows in a crash. */
  readonly weakness?: Weakness;
  /** The rows in the order of their insertion. Empty if the table cannot be read. */
  readonly rows: readonly MigrationRow[];
}

/** `column` or `constraint` is the additional one that is the cause, if any. */
const Weakness = z.object({ reason: z.string(), column: z.string().optional(), constraint: z.string().optional() });
type Weakness = z.infer<typeof Weakness>;

const MigrationRow = z.object({
  /** Empty if the column is null: then no file has this hash. */
  hash: z.string(),
  /** The time at which the file was written, not when it ran. Drizzle copies it from `when` of the journal. 0 if the column is null. */
  createdAt: z.number(),
});

export type MigrationRow = z.infer<typeof MigrationRow>;

const TABLE = `"drizzle"."__drizzle_migrations"`;

/** Reads the whole table and its problems. Writes nothing. */
export async function readMigrationsTable(session: Session): Promise<MigrationsTable> {
  const tables = await findTables(session);
  const schemas = tables.map(({ schema }) => schema);
  const migrationsTable = tables.find(({ schema }) => schema === 'drizzle');
  if (migrationsTable === undefined) return { schemas, rows: [] };
  const fault = faultOf(migrationsTable);
  if (fault !== undefined) return { schemas, fault, rows: [] };
  const { rows, weakness } = await readContent(session);
  return { schemas, rows, ...(weakness !== null && { weakness }) };
}

/**
 * Returns the rows only; none if there is no migrations table yet.
 * @throws {MigrationError} `MIGRATIONS_TABLE_UNREADABLE`.
 */
export async function readMigrationRows(session: Session): Promise<readonly MigrationRow[]> {
  const { rows, fault } = await readMigrationsTable(session);
  if (fault === undefined) return rows;
  throw new MigrationError(
    'MIGRATIONS_TABLE_UNREADABLE',
    `Could not read the migrations table: ${fault}. ${RESTORE} Nothing was changed.`,
  );
}

/** The remedy for a table that cannot be read, for each of the faults. */
export const RESTORE =
  'Restore the table from a backup; or drop it, and `pnpm db:migrate` records the migrations that the schema already has. If only this role' +
  ' may not read the table, use the role that owns it.';

/** Inserts the row of a migration, and creates the table before the first row. Must run in the transaction of the file. */
export async function recordMigration(session: Session, { file, createdAt }: FileMigration): Promise<void> {
  if (!(await hasTable(session, TABLE))) {
    await session.query(`CREATE SCHEMA IF NOT EXISTS "drizzle"`);
    await session.query(
      `CREATE TABLE IF NOT EXISTS ${TABLE} (id SERIAL PRIMARY KEY, hash text NOT NULL, created_at bigint)`,
    );
  }
  await session.query(`insert into ${TABLE} ("hash", "created_at") values ($1, $2)`, [file.hash, createdAt]);
}

export async function hasTable(session: Session, name: string): Promise<boolean> {
  const { rows } = await session.query('select to_regclass($1) is not null as found', [name]);
  return rows[0]?.['found'] === true;
}

const FoundTable = z.object({ schema: z.string(), kind: z.string(), columns: z.string(), isReadable: z.boolean() });

/** Finds all tables and views of this name. `columns` lists those of Drizzle's columns that exist, by name, with their types. */
async function findTables(session: Session): Promise<z.infer<typeof FoundTable>[]> {
  const { rows } = await session.query(`
    select n.nspname as schema, c.relkind::text as kind,
      (select coalesce(string_agg(a.attname || ' ' || format_type(a.atttypid, null), ', ' order by a.attname), '') from pg_attribute a
        where a.attrelid = c.oid and a.attname in ('id', 'hash', 'created_at') and not a.attisdropped) as columns,
      has_schema_privilege(n.oid, 'USAGE') and has_table_privilege(c.oid, 'SELECT') as "isReadable"
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relname = '__drizzle_migrations' and c.relkind in ('r', 'p', 'f', 'v', 'm')
    order by n.nspname`);
  return z.array(FoundTable).parse(rows);
}

function faultOf({ kind, columns, isReadable }: z.infer<typeof FoundTable>): string | undefined {
  if (kind !== 'r') return 'drizzle.__drizzle_migrations is not a table';
  if (!/^created_at bigint, hash text, id (integer|bigint)$/.test(columns))
    return `drizzle.__drizzle_migrations has other columns: ${columns}`;
  return isReadable ? undefined : 'this role may not read drizzle.__drizzle_migrations';
}

const Content = z.object({ rows: z.array(MigrationRow), weakness: Weakness.nullable() });

/** Reads the rows, and why the next row could be lost or refused. The sequence of `id` is checked only if the role may read it. */
async function readContent(session: Session): Promise<z.infer<typeof Content>> {
  const { rows } = await session.query(`
    select coalesce((select json_agg(json_build_object('hash', coalesce(hash, ''), 'createdAt', coalesce(created_at, 0)) order by id)
        from ${TABLE}), '[]')::text as rows,
      (case when c.relpersistence <> 'p' then json_build_object('reason', 'the table is unlogged: a crash empties it')
        when d.oid is null then json_build_object('reason', 'the column id has no default')
        when has_sequence_privilege(s.oid, 'SELECT')
          and coalesce(pg_sequence_last_value(s.oid), 0) < (select coalesce(max(id), 0) from ${TABLE})
        then json_build_object('reason', 'the next id of its sequence is taken')
        else coalesce(
          (select json_build_object('reason', 'an additional column must not be null and has no default', 'column', o.attname)
            from pg_attribute o where o.attrelid = c.oid and o.attnum > 0 and o.attnotnull and not o.atthasdef
            and o.attidentity = '' and o.attname not in ('id', 'hash', 'created_at') order by o.attnum limit 1),
          (select json_build_object('reason', 'an additional constraint may refuse the row', 'constraint', k.conname)
            from pg_constraint k where k.conrelid = c.oid and k.contype in ('c', 'x', 'f') order by k.conname limit 1))
        end)::text as weakness
    from pg_class c join pg_namespace n on n.oid = c.relnamespace and n.nspname = 'drizzle'
    left join pg_attribute a on a.attrelid = c.oid and a.attname = 'id'
    left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
    left join pg_depend p on p.classid = 'pg_attrdef'::regclass and p.objid = d.oid and p.refclassid = 'pg_class'::regclass
      and p.refobjid <> c.oid
    left join pg_class s on s.oid = p.refobjid and s.relkind = 'S'
    where c.relname = '__drizzle_migrations' limit 1`);
  const { rows: rowsAsJson, weakness } = rows[0] as { rows: string; weakness: string | null };
  return Content.parse({ rows: JSON.parse(rowsAsJson), weakness: JSON.parse(weakness ?? 'null') });
}
