/** The type name to which a statement casts a column's value. */
import { is, type SQL, sql } from 'drizzle-orm';
import { PgArray, type PgColumn, PgEnumColumn, PgEnumObjectColumn } from 'drizzle-orm/pg-core';

/**
 * The type of a column without its length or precision. `'too long'::varchar(3)` truncates silently, as the SQL standard requires. When the
 * value is then assigned to its column, PostgreSQL refuses a value that is too long:
 * https://www.postgresql.org/docs/current/typeconv-query.html
 */
export function castType(column: PgColumn): SQL {
  if (is(column, PgArray)) return sql`${castType(column.baseColumn)}[]`;
  if (is(column, PgEnumColumn) || is(column, PgEnumObjectColumn)) {
    const { enumName, schema } = column.enum;
    const name = sql.identifier(enumName);
    return schema === undefined ? sql`${name}` : sql`${sql.identifier(schema)}.${name}`;
  }
  return sql.raw(removeLength(column.getSQLType()));
}

/** `timestamp (3) with time zone` → `timestamp with time zone`. Quoted parts (`$1`) are unchanged. */
function removeLength(type: string): string {
  const bare = type.replaceAll(/("(?:[^"]|"")*")|\s*\([^)]*\)/g, '$1').trim();
  const [pattern, replacement = ''] = REPLACEMENTS.find(([typeName]) => typeName.test(bare)) ?? [];
  return pattern === undefined ? bare : bare.replace(pattern, replacement);
}

/** Replaces types whose bare name means length 1, and serial types, which are an integer with a sequence. */
const REPLACEMENTS: readonly (readonly [RegExp, string])[] = [
  [/^(?:national\s+)?(?:character|char)\b(?!\s+varying)|^nchar\b/i, 'pg_catalog.bpchar'],
  [/^bit\b(?!\s+varying)/i, 'pg_catalog.bit'],
  [/^smallserial\b/i, 'smallint'],
  [/^bigserial\b/i, 'bigint'],
  [/^serial\b/i, 'integer'],
];
