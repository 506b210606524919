/** Rows for every table, whatever it is: a migration that only runs on empty tables must not pass for one that runs. */
import { z } from 'zod';

import type { Session } from '@todo/client/session';

const Column = z.object({
  name: z.string(),
  /** An expression for the value of row `$i`; null when its type is not known here. */
  value: z.string().nullable(),
  isNullable: z.boolean(),
  hasDefault: z.boolean(),
});

const Table = z.object({
  name: z.string(),
  /** The tables that it refers to, without itself. */
  needs: z.array(z.string()),
  columns: z.array(Column),
});

type Table = z.infer<typeof Table>;

const ROWS = 3;

/**
 * Writes three rows into each table of the schema `public`: the first has all values, the others nothing but what they
 * must.
 * @returns the tables into which nothing could be written, each with PostgreSQL's reason.
 */
export async function fillTables(session: Session): Promise<string[]> {
  const { rows } = await session.query(TABLES);
  const waiting = new Set(
    z
      .array(z.object({ table: z.string() }))
      .parse(rows)
      .map(({ table }) => Table.parse(JSON.parse(table))),
  );
  const refused: string[] = [];
  while (waiting.size > 0) {
    const names = new Set([...waiting].map(({ name }) => name));
    const ready = [...waiting].filter(({ needs }) => !needs.some((name) => names.has(name)));
    // A circle of references can only be entered where one of them may be null.
    for (const table of ready.length > 0 ? ready : waiting) {
      waiting.delete(table);
      const reason = await fill(session, table);
      if (reason !== undefined) refused.push(`${table.name}: ${reason}`);
    }
  }
  return refused;
}

async function fill(session: Session, { name, columns }: Table): Promise<string | undefined> {
  try {
    for (let row = 1; row <= ROWS; row += 1) {
      const given = columns.filter(({ isNullable, hasDefault }) => row === 1 || !(isNullable || hasDefault));
      const values = given.map(({ value, hasDefault }) =>
        hasDefault ? 'default' : (value ?? 'null').replaceAll('$i', String(row)),
      );
      const text =
        given.length === 0
          ? `insert into ${name} default values`
          : `insert into ${name} (${given.map((column) => column.name).join(', ')}) values (${values.join(', ')})`;
      await session.query(text);
    }
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

// A column that refers to another table takes the key of that table's row of the same number.
const TABLES = `
select json_build_object(
  'name', c.oid::regclass::text,
  'needs', (select coalesce(json_agg(distinct k.confrelid::regclass::text), '[]') from pg_constraint k
    where k.conrelid = c.oid and k.contype = 'f' and k.confrelid <> c.oid),
  'columns', (select coalesce(json_agg(json_build_object(
      'name', quote_ident(a.attname),
      'isNullable', not a.attnotnull,
      'hasDefault', a.atthasdef or a.attidentity <> '',
      'value', coalesce(r.value, case coalesce(nullif(t.typbasetype, 0)::regtype, t.oid::regtype)
        when 'boolean'::regtype then 'true'
        when 'uuid'::regtype then 'gen_random_uuid()'
        when 'json'::regtype then '''{}''' when 'jsonb'::regtype then '''{}'''
        when 'bytea'::regtype then '''\\x00'''
        when 'interval'::regtype then '''1 day'''
        when 'inet'::regtype then '''127.0.0.1'''
        else case
          when t.typtype = 'e' then format('(enum_range(null::%s))[1]', t.oid::regtype)
          when t.typcategory = 'A' then '''{}'''
          when t.typcategory = 'N' then '$i'
          when t.typcategory = 'D' then 'now()'
          when t.typcategory = 'S' then
            case when a.atttypmod > 4 then format('left(''$i sample'', %s)', a.atttypmod - 4) else '''$i sample''' end
        end end)) order by a.attnum), '[]')
    from pg_attribute a
    join pg_type t on t.oid = a.atttypid
    left join lateral (
      select format('(select %I from %s order by 1 limit 1 offset $i - 1)', ka.attname, k.confrelid::regclass) as value
      from pg_constraint k
      join pg_attribute ka on ka.attrelid = k.confrelid and ka.attnum = k.confkey[array_position(k.conkey, a.attnum)]
      where k.conrelid = c.oid and k.contype = 'f' and a.attnum = any (k.conkey)
      limit 1) r on true
    where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = '')
  )::text as "table"
from pg_class c
where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
order by c.relname`;
