/** What the database remembers of its migrations, and what that says of each file: read once for all checks of the group. */
import type { Session } from '@todo/client';
import { type Migration, type MigrationState, migrationStatus, readFolder } from '@todo/migrator';
import { z } from 'zod';

import { once } from '../../ask-once.ts';
import type { Context } from '../../check.ts';

export interface Ledger {
  /** Schemas that have a table of that name. */
  readonly schemas: readonly string[];
  /** What keeps the one in `drizzle` from being read. */
  readonly fault?: string;
  /** What will keep the next migration from being recorded there, or the record from surviving a crash. */
  readonly weakness?: string;
  readonly migrations: readonly Migration[];
  /** None where the ledger cannot be read. */
  readonly states: readonly MigrationState[];
  readonly rows: readonly LedgerRow[];
}

export type LedgerRow = z.infer<typeof LedgerRow>;

const LedgerRow = z.object({ hash: z.string(), createdAt: z.number().nullable() });

/** Asked once a run. */
export function ledgerOf(context: Pick<Context, 'read' | 'database'>): Promise<Ledger> {
  const { migrations } = context.database;
  return once(context, readLedger, () => context.read((session) => readLedger(session, migrations)));
}

async function readLedger(session: Session, folder: string): Promise<Ledger> {
  const { migrations } = await readFolder(folder);
  const found = await findLedgers(session);
  const schemas = found.map(({ schema }) => schema);
  const fault = faultOf(found.find(({ schema }) => schema === 'drizzle'));
  if (fault !== undefined) return { schemas, fault, migrations, states: [], rows: [] };
  const states = await migrationStatus(session, folder);
  if (!schemas.includes('drizzle')) return { schemas, migrations, states, rows: [] };
  const { rows, weakness } = await readRows(session);
  return { schemas, migrations, states, rows, ...(weakness !== null && { weakness }) };
}

const Found = z.object({ schema: z.string(), kind: z.string(), columns: z.string(), isReadable: z.boolean() });

async function findLedgers(session: Session): Promise<z.infer<typeof Found>[]> {
  const { rows } = await session.query(`
    select n.nspname as schema, c.relkind::text as kind,
      (select coalesce(string_agg(a.attname || ' ' || format_type(a.atttypid, null), ', ' order by a.attname), '') from pg_attribute a
        where a.attrelid = c.oid and a.attname in ('hash', 'created_at') and not a.attisdropped) as columns,
      has_schema_privilege(n.oid, 'USAGE') and has_table_privilege(c.oid, 'SELECT') as "isReadable"
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relname = '__drizzle_migrations' and c.relkind in ('r', 'p', 'f', 'v', 'm')
    order by n.nspname`);
  return z.array(Found).parse(rows);
}

function faultOf(found: z.infer<typeof Found> | undefined): string | undefined {
  if (found === undefined) return undefined;
  if (found.kind !== 'r') return 'drizzle.__drizzle_migrations is not a table';
  if (found.columns !== 'created_at bigint, hash text')
    return `drizzle.__drizzle_migrations has other columns: ${found.columns}`;
  return found.isReadable ? undefined : 'this role may not read drizzle.__drizzle_migrations';
}

const Content = z.object({ rows: z.string(), weakness: z.string().nullable() });

async function readRows(session: Session): Promise<{ rows: LedgerRow[]; weakness: string | null }> {
  const { rows } = await session.query(`
    select coalesce((select json_agg(json_build_object('hash', coalesce(hash, ''), 'createdAt', created_at) order by id)
        from drizzle.__drizzle_migrations), '[]')::text as rows,
      case when c.relpersistence <> 'p' then 'it is unlogged: a crash empties it'
        when d.oid is null then 'its id has no default'
        when pg_sequence_last_value(s.oid) is null and exists (select from drizzle.__drizzle_migrations)
          or pg_sequence_last_value(s.oid) < (select max(id) from drizzle.__drizzle_migrations)
        then 'its next id is taken'
        when exists (select from pg_attribute o where o.attrelid = c.oid and o.attnum > 0 and o.attnotnull and not o.atthasdef
          and o.attidentity = '' and o.attname not in ('id', 'hash', 'created_at')) then 'a column that nobody fills may not be null'
        when exists (select from pg_constraint k where k.conrelid = c.oid and k.contype in ('c', 'x', 'f'))
        then 'a constraint may refuse it' end as weakness
    from pg_class c join pg_namespace n on n.oid = c.relnamespace and n.nspname = 'drizzle'
    left join pg_attribute a on a.attrelid = c.oid and a.attname = 'id'
    left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
    left join pg_depend p on p.classid = 'pg_attrdef'::regclass and p.objid = d.oid and p.refclassid = 'pg_class'::regclass
      and p.refobjid <> c.oid
    left join pg_class s on s.oid = p.refobjid and s.relkind = 'S'
    where c.relname = '__drizzle_migrations' limit 1`);
  const content = Content.parse(rows[0]);
  return { ...content, rows: z.array(LedgerRow).parse(JSON.parse(content.rows)) };
}
