/**
 * Finds names that drizzle-kit cannot write, and names that PostgreSQL truncates to the same 63 bytes. Of two such names, PostgreSQL refuses
 * the second, or uses the first object in its place.
 */
import { z } from 'zod';

import type { Snapshot } from './snapshot.ts';

const Named = z.record(z.string(), z.object({ name: z.string() }));
const InSchema = z.record(z.string(), z.object({ name: z.string(), schema: z.string().optional() }));

const KitSnapshot = z.object({
  tables: z.record(
    z.string(),
    z.object({
      name: z.string(),
      schema: z.string(),
      columns: Named,
      indexes: Named,
      foreignKeys: Named,
      compositePrimaryKeys: Named,
      uniqueConstraints: Named,
      checkConstraints: Named,
      policies: Named,
    }),
  ),
  enums: InSchema,
  sequences: InSchema,
  views: InSchema,
});

/** Returns one or two sentences per fault. */
export function findNameFaults(snapshot: Snapshot): string[] {
  const namespaces = namespacesOf(KitSnapshot.parse(snapshot));
  const unwritable = namespaces.flatMap(({ container, names }) =>
    [...new Set(names)]
      .filter((name) => UNWRITABLE.test(name) || isPrototypeKey(name))
      .map((name) => describeUnwritable(container, name)),
  );
  return [...unwritable, ...findTruncatedNames(namespaces)];
}

/** drizzle-kit does not escape quotes, and uses the other characters as separators. */
const UNWRITABLE = /["';,]|--/;

/** drizzle-kit stores names as keys of a plain object, which has keys such as `constructor` already. */
const isPrototypeKey = (name: string): boolean => name in {};

function describeUnwritable(container: string, name: string): string {
  const reason = isPrototypeKey(name)
    ? 'drizzle-kit stores names in a plain object, which already has this key'
    : 'drizzle-kit does not escape its characters';
  return `${container} has a name that drizzle-kit cannot write: ${name}. Use another name: ${reason}.`;
}

function findTruncatedNames(namespaces: readonly Namespace[]): string[] {
  return namespaces.flatMap(({ container, names }) => {
    const seen = new Map<string, string>();
    return names.flatMap((name) => {
      const truncated = truncateName(name);
      const other = seen.get(truncated);
      seen.set(truncated, name);
      return other === undefined || other === name ? [] : [describeSameNames(container, other, name)];
    });
  });
}

function describeSameNames(container: string, one: string, other: string): string {
  return (
    `${container} has two names that are the same to PostgreSQL, which keeps 63 bytes of each: ${one} and ${other}.` +
    ' Give one of them a shorter name: foreignKey({ name }), unique(name), index(name), check(name, …).'
  );
}

/** Names that must differ, and the schema or table that contains them, such as `The table todo`. */
interface Namespace {
  readonly container: string;
  readonly names: readonly string[];
}

function namespacesOf({ tables, enums, sequences, views }: z.infer<typeof KitSnapshot>): Namespace[] {
  const namesBySchema = new Map<string, string[]>();
  const add = (schema: string | undefined, ...names: string[]) => {
    const container = `The schema ${schema === undefined || schema === '' ? 'public' : schema}`;
    namesBySchema.set(container, [...(namesBySchema.get(container) ?? []), ...names]);
  };
  for (const { name, schema } of [...Object.values(sequences), ...Object.values(views)]) add(schema, name);
  for (const { name, schema, indexes, compositePrimaryKeys, uniqueConstraints } of Object.values(tables)) {
    add(schema, name, ...[indexes, compositePrimaryKeys, uniqueConstraints].flatMap(namesOf));
  }
  // Enums share a namespace with tables, because each table has a row type.
  for (const { name, schema } of Object.values(enums)) add(schema, name);
  return [
    ...[...namesBySchema].map(([container, names]) => ({ container, names })),
    ...Object.values(tables).flatMap(({ name, columns, foreignKeys, checkConstraints, policies, ...rest }) => [
      { container: `The table ${name}`, names: namesOf(columns) },
      { container: `The table ${name}`, names: namesOf(policies) },
      {
        container: `The table ${name}`,
        names: [foreignKeys, checkConstraints, rest.compositePrimaryKeys, rest.uniqueConstraints].flatMap(namesOf),
      },
    ]),
  ];
}

function namesOf(named: z.infer<typeof Named>): string[] {
  return Object.values(named).map(({ name }) => name);
}

/** `NAMEDATALEN - 1` of https://www.postgresql.org/docs/current/sql-syntax-lexical.html#SQL-SYNTAX-IDENTIFIERS */
const NAME_BYTES_MAX = 63;

/** Truncates a name as PostgreSQL does: never within a character. */
function truncateName(name: string): string {
  let bytes = 0;
  let truncated = '';
  for (const character of name) {
    bytes += Buffer.byteLength(character);
    if (bytes > NAME_BYTES_MAX) break;
    truncated += character;
  }
  return truncated;
}
