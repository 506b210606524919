/**
 * The objects of a database that can be sabotaged. They are read by separate queries, so that the catalog's queries do not test themselves.
 */
import { Client } from 'pg';
import { z } from 'zod';

const Column = z.object({
  /** Quoted, like all names here. */
  name: z.string(),
  type: z.string(),
  isNotNull: z.boolean(),
  default: z.string().nullable(),
  isGenerated: z.boolean(),
  identity: z.enum(['', 'a', 'd']),
  /** A view, a policy or a generated column uses the column, so its type cannot change. */
  isRead: z.boolean(),
  isInKey: z.boolean(),
  isInForeignKey: z.boolean(),
});

const Constraint = z.object({
  name: z.string(),
  type: z.enum(['p', 'u', 'f', 'c', 'x']),
  definition: z.string(),
  /** The table that a foreign key refers to. */
  references: z.string().nullable(),
  /** Joins the rows of a foreign key: the aliases are `child` and `parent`. */
  match: z.string().nullable(),
});

const Index = z.object({
  /** Qualified with the schema. */
  name: z.string(),
  bareName: z.string(),
  definition: z.string(),
  isUnique: z.boolean(),
  method: z.string(),
  isPartial: z.boolean(),
});

const Table = z.object({
  /** Qualified with the schema. */
  name: z.string(),
  bareName: z.string(),
  schema: z.string(),
  columns: z.array(Column),
  constraints: z.array(Constraint),
  indexes: z.array(Index),
  policies: z.array(z.object({ name: z.string(), command: z.string(), isForAll: z.boolean() })),
  isRlsEnabled: z.boolean(),
  /** Another table refers to this one. */
  isReferenced: z.boolean(),
});

const Live = z.object({
  version: z.number(),
  /** The schemas except `public`. */
  schemas: z.array(z.string()),
  tables: z.array(Table),
  views: z.array(
    z.object({ name: z.string(), bareName: z.string(), isMaterialized: z.boolean(), definition: z.string() }),
  ),
  enums: z.array(z.object({ name: z.string(), bareName: z.string(), labels: z.array(z.string()) })),
  sequences: z.array(
    z.object({
      name: z.string(),
      isIdentity: z.boolean(),
      /** The table and the column whose default uses the sequence. */
      owner: z.object({ table: z.string(), column: z.string() }).nullable(),
      increment: z.number(),
      /** Rows contain values of the sequence: a restarted sequence would return them again. */
      isUsed: z.boolean().default(false),
    }),
  ),
});

export type Live = z.infer<typeof Live>;
type LiveSequence = Live['sequences'][number];
export type LiveTable = z.infer<typeof Table>;
export type LiveColumn = z.infer<typeof Column>;
export type LiveConstraint = z.infer<typeof Constraint>;
export type LiveIndex = z.infer<typeof Index>;

/** Reads all objects except those of PostgreSQL itself and the migrations table. */
export async function readLive(url: string): Promise<Live> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<{ live: unknown }>(QUERY);
    const live = Live.parse(rows[0]?.live);
    const tables = [];
    for (const table of live.tables) tables.push(await withRows(client, table));
    const sequences = [];
    for (const sequence of live.sequences) sequences.push(await withUse(client, sequence));
    return { ...live, tables, sequences };
  } finally {
    await client.end();
  }
}

/** Removes `match` from foreign keys that no row uses: no row of them can be orphaned. */
async function withRows(client: Client, table: LiveTable): Promise<LiveTable> {
  const constraints = [];
  for (const constraint of table.constraints) {
    const { references, match } = constraint;
    const isUsed =
      references !== null &&
      match !== null &&
      (await client.query(`select from ${table.name} child join ${references} parent on ${match} limit 1`)).rowCount ===
        1;
    constraints.push({ ...constraint, match: isUsed ? match : null });
  }
  return { ...table, constraints };
}

async function withUse(client: Client, sequence: LiveSequence): Promise<LiveSequence> {
  const { owner, name } = sequence;
  if (owner === null) return sequence;
  const minimum = `(select seqmin from pg_sequence where seqrelid = '${name.replaceAll(`'`, `''`)}'::regclass)`;
  const { rowCount } = await client.query(`select from ${owner.table} where ${owner.column} > ${minimum} limit 1`);
  return { ...sequence, isUsed: rowCount === 1 };
}

const own = `(nspname !~ '^pg_' and nspname not in ('information_schema', 'drizzle'))`;

const columns = `(
  select coalesce(json_agg(json_build_object(
    'name', quote_ident(a.attname),
    'type', format_type(a.atttypid, a.atttypmod),
    'isNotNull', a.attnotnull,
    'default', case when a.attgenerated = '' then pg_get_expr(d.adbin, d.adrelid) end,
    'isGenerated', a.attgenerated <> '',
    'identity', a.attidentity,
    'isRead', exists (
      select from pg_depend u where u.refclassid = 'pg_class'::regclass and u.refobjid = c.oid and u.refobjsubid = a.attnum
        and (u.classid in ('pg_rewrite'::regclass, 'pg_policy'::regclass)
          or u.classid = 'pg_attrdef'::regclass and u.objid is distinct from d.oid)),
    'isInKey', exists (select from pg_constraint k where k.conrelid = c.oid and k.contype = 'p' and a.attnum = any (k.conkey)),
    'isInForeignKey', exists (
      select from pg_constraint k where k.contype = 'f'
        and (k.conrelid = c.oid and a.attnum = any (k.conkey) or k.confrelid = c.oid and a.attnum = any (k.confkey)))
    ) order by a.attnum), '[]')
  from pg_attribute a left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
  where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped)`;

const constraints = `(
  select coalesce(json_agg(json_build_object(
    'name', quote_ident(k.conname),
    'type', k.contype,
    'definition', pg_get_constraintdef(k.oid),
    'references', (select format('%I.%I', fn.nspname, f.relname)
      from pg_class f join pg_namespace fn on fn.oid = f.relnamespace where f.oid = k.confrelid),
    'match', (select string_agg(format('child.%I = parent.%I', x.attname, y.attname), ' and ' order by n)
      from unnest(k.conkey, k.confkey) with ordinality as pair (here, there, n)
      join pg_attribute x on x.attrelid = k.conrelid and x.attnum = here
      join pg_attribute y on y.attrelid = k.confrelid and y.attnum = there
      where k.contype = 'f')
    ) order by k.conname collate "C"), '[]')
  from pg_constraint k where k.conrelid = c.oid and k.contype in ('p', 'u', 'f', 'c', 'x'))`;

const indexes = `(
  select coalesce(json_agg(json_build_object(
    'name', format('%I.%I', n.nspname, ic.relname),
    'bareName', quote_ident(ic.relname),
    'definition', pg_get_indexdef(i.indexrelid),
    'isUnique', i.indisunique,
    'method', am.amname,
    'isPartial', i.indpred is not null) order by ic.relname collate "C"), '[]')
  from pg_index i join pg_class ic on ic.oid = i.indexrelid join pg_am am on am.oid = ic.relam
  where i.indrelid = c.oid and not exists (select from pg_constraint k where k.conindid = i.indexrelid and k.contype <> 'f'))`;

const tables = `(
  select coalesce(json_agg(json_build_object(
    'name', format('%I.%I', n.nspname, c.relname),
    'bareName', quote_ident(c.relname),
    'schema', quote_ident(n.nspname),
    'columns', ${columns},
    'constraints', ${constraints},
    'indexes', ${indexes},
    'policies', (select coalesce(json_agg(json_build_object(
        'name', quote_ident(p.polname), 'command', p.polcmd, 'isForAll', p.polroles = '{0}') order by p.polname collate "C"), '[]')
      from pg_policy p where p.polrelid = c.oid),
    'isRlsEnabled', c.relrowsecurity,
    'isReferenced', exists (select from pg_constraint k where k.confrelid = c.oid and k.conrelid <> c.oid)
    ) order by n.nspname collate "C", c.relname collate "C"), '[]')
  from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.relkind = 'r' and ${own})`;

const views = `(
  select coalesce(json_agg(json_build_object(
    'name', format('%I.%I', n.nspname, c.relname),
    'bareName', quote_ident(c.relname),
    'isMaterialized', c.relkind = 'm',
    'definition', rtrim(pg_get_viewdef(c.oid), ';')) order by n.nspname collate "C", c.relname collate "C"), '[]')
  from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.relkind in ('v', 'm') and ${own})`;

const enums = `(
  select coalesce(json_agg(json_build_object(
    'name', format('%I.%I', n.nspname, t.typname),
    'bareName', quote_ident(t.typname),
    'labels', (select json_agg(enumlabel order by enumsortorder) from pg_enum where enumtypid = t.oid)
    ) order by n.nspname collate "C", t.typname collate "C"), '[]')
  from pg_type t join pg_namespace n on n.oid = t.typnamespace where t.typtype = 'e' and ${own})`;

const sequences = `(
  select coalesce(json_agg(json_build_object(
    'name', format('%I.%I', n.nspname, c.relname),
    'isIdentity', coalesce(d.deptype = 'i', false),
    'owner', case when d.objid is not null then (
      select json_build_object('table', format('%I.%I', tn.nspname, t.relname), 'column', quote_ident(a.attname))
      from pg_class t join pg_namespace tn on tn.oid = t.relnamespace
      join pg_attribute a on a.attrelid = t.oid and a.attnum = d.refobjsubid where t.oid = d.refobjid) end,
    'increment', s.seqincrement) order by n.nspname collate "C", c.relname collate "C"), '[]')
  from pg_sequence s join pg_class c on c.oid = s.seqrelid join pg_namespace n on n.oid = c.relnamespace
  left join pg_depend d on d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype in ('a', 'i') and d.refobjsubid > 0
  where ${own})`;

const QUERY = `
select json_build_object(
  'version', current_setting('server_version_num')::int / 10000,
  'schemas', (select coalesce(json_agg(quote_ident(nspname) order by nspname collate "C"), '[]')
    from pg_namespace where ${own} and nspname <> 'public'),
  'tables', ${tables},
  'views', ${views},
  'enums', ${enums},
  'sequences', ${sequences}) as live`;
