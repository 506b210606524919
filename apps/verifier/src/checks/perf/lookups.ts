/** The queries for which the code defines its indexes: lookups by their columns. */
import { quoted } from '@todo/migrator/catalog';

import { type CodeKey, type CodeTable, qualifiedName, displayName, subjectOf } from '../../code-tables.ts';
import { hasColumn, type LiveTable } from '../../live-tables.ts';
import type { Subject } from '../../check.ts';

export interface Lookup {
  /** The table and the columns, such as `todo by user_id`. */
  readonly what: string;
  /** Alias of the table in the query. It identifies the part of the plan. */
  readonly alias: string;
  /** `parameter` returns the next placeholder, such as `$1`. */
  readonly query: (alias: string, parameter: () => string) => string;
  /** An index condition must name one of these. Empty for an index on expressions: then any index condition is enough. */
  readonly columns: readonly string[];
  readonly index: string;
  readonly fix: string;
  readonly about: Subject;
}

/** A lookup per unique key, and per other index that starts with the columns of a foreign key. */
export function lookupsOf(tables: readonly LiveTable[]): Lookup[] {
  const lookups = tables.flatMap((table) => [
    ...table.uniqueKeys.flatMap((key) => toLookup(table, key, true)),
    ...table.indexes.filter((key) => servesForeignKey(table, key)).flatMap((key) => toLookup(table, key, false)),
  ]);
  return lookups.map((lookup, index) => Object.assign(lookup, { alias: `lookup_${index}` }));
}

function servesForeignKey({ foreignKeys }: CodeTable, { columns = [], isPartial }: CodeKey): boolean {
  return !isPartial && foreignKeys.some((key) => startsWithColumns(columns, key.columns));
}

/** Whether the first of `columns` are the `wanted` ones, in any order. */
function startsWithColumns(columns: readonly string[], wanted: readonly string[]): boolean {
  const first = columns.slice(0, wanted.length);
  return first.length === wanted.length && first.every((name) => wanted.includes(name));
}

/** One lookup, or none if equality cannot use the index or the database lacks what the query needs. */
function toLookup(table: LiveTable, key: CodeKey, isUnique: boolean): Omit<Lookup, 'alias'>[] {
  const live = table.shape.uniqueKeys.find(({ name }) => name === key.name);
  const { columns } = key;
  // Lookups by equality use only these index methods.
  if (key.method !== 'btree' && key.method !== 'hash') return [];
  // Expressions and predicates are taken from the database, where they are SQL.
  if (columns === undefined || key.isPartial) {
    if (live === undefined) return [];
    return [buildLookup(table, { ...key, columns: undefined }, isUnique, live.keys, live.predicate)];
  }
  const columnsExist = columns.every((name) => hasColumn(table, name));
  return columnsExist ? [buildLookup(table, key, isUnique, columns.map(quoted))] : [];
}

/** A lookup by `terms`, which are the columns or expressions of the index as SQL. */
function buildLookup(
  table: LiveTable,
  { name, method, columns = [] }: CodeKey,
  isUnique: boolean,
  terms: readonly string[],
  predicate?: string,
): Omit<Lookup, 'alias'> {
  const tableName = qualifiedName(table);
  const create = `CREATE ${isUnique ? 'UNIQUE ' : ''}INDEX CONCURRENTLY ${quoted(name)} ON ${tableName} USING ${method} (${columns.map(quoted).join(', ')});`;
  const seeSchemaChecks = `-- Create or rebuild ${name}: pnpm verify --only schema prints the SQL.`;
  return {
    what: `${displayName(table)} by ${columns.join(', ') || name}`,
    query: (alias, parameter) => {
      const conditions = [
        ...terms.map((term) => `(${term}) = ${parameter()}`),
        ...(predicate === undefined ? [] : [`(${predicate})`]),
      ];
      return `select 1 from ${tableName} ${alias} where ${conditions.join(' and ')}`;
    },
    columns,
    index: name,
    fix: `${columns.length === 0 ? seeSchemaChecks : create}\nANALYZE ${tableName};`,
    about: subjectOf(table, name),
  };
}
