/**
 * Finds names that drizzle-kit cannot write, and names that PostgreSQL truncates to the same 63 bytes. PostgreSQL refuses the second of two
 * such names, or takes it for the first.
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
  const unwritable = namespaces.flatMap(({ place, names }) =>
    [...new Set(names)]
      .filter((name) => UNWRITABLE.test(name) || name in {})
      .map((name) => describeUnwritable(place, name)),
  );
  return [...unwritable, ...findTruncatedNames(namespaces)];
}

/** drizzle-kit does not escape quotes, and uses the other characters as separators. */
const UNWRITABLE = /["';,]|--/;

function describeUnwritable(place: string, name: string): string {
  const reason =
    name in {} ? 'it stores names in a plain object, which already has this key' : 'it does not escape the characters';
  return `${place} has a name that drizzle-kit cannot write: ${name}. Use another name: ${reason}.`;
}

function findTruncatedNames(namespaces: readonly Namespace[]): string[] {
  return namespaces.flatMap(({ place, names }) => {
    const seen = new Map<string, string>();
    return names.flatMap((name) => {
      const cut = truncateName(name);
      const other = seen.get(cut);
      seen.set(cut, name);
      return other === undefined || other === name ? [] : [describeSameNames(place, other, name)];
    });
  });
}

function describeSameNames(place: string, one: string, other: string): string {
  return (
    `${place} has two names that are the same to PostgreSQL, which keeps 63 bytes of each: ${one} and ${other}.` +
    ' Give one of them a shorter name: foreignKey({ name }), unique(name), index(name), check(name, …).'
  );
}

interface Namespace {
  readonly place: string;
  readonly names: readonly string[];
}

/** Groups of names that must be different within the group. */
function namespacesOf({ tables, enums, sequences, views }: z.infer<typeof KitSnapshot>): Namespace[] {
  const relations = new Map<string, string[]>();
  const add = (schema: string | undefined, ...names: string[]) => {
    const place = `The schema ${schema === undefined || schema === '' ? 'public' : schema}`;
    relations.set(place, [...(relations.get(place) ?? []), ...names]);
  };
  for (const { name, schema } of [...Object.values(sequences), ...Object.values(views)]) add(schema, name);
  for (const { name, schema, indexes, compositePrimaryKeys, uniqueConstraints } of Object.values(tables)) {
    add(schema, name, ...[indexes, compositePrimaryKeys, uniqueConstraints].flatMap(namesOf));
  }
  // Enums share a namespace with tables, because each table has a row type.
  for (const { name, schema } of Object.values(enums)) add(schema, name);
  return [
    ...[...relations].map(([place, names]) => ({ place, names })),
    ...Object.values(tables).flatMap(({ name, columns, foreignKeys, checkConstraints, policies, ...rest }) => [
      { place: `The table ${name}`, names: namesOf(columns) },
      { place: `The table ${name}`, names: namesOf(policies) },
      {
        place: `The table ${name}`,
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
  let cut = '';
  for (const character of name) {
    bytes += Buffer.byteLength(character);
    if (bytes > NAME_BYTES_MAX) break;
    cut += character;
  }
  return cut;
}
