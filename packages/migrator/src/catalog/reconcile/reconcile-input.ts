/** The input of the functions that return SQL: both catalogs, the differences and the options. */
import type { Difference } from '../difference.ts';
import { type Fact, isView } from '../fact.ts';
import type { Facts } from '../facts.ts';
import { qualifiedName } from '../quoted.ts';

export interface ReconcileInput {
  readonly differences: readonly Difference[];
  /** The wanted catalog. */
  readonly want: Facts;
  /** The live catalog. If it was not given, it is derived from the wanted catalog and the differences. */
  readonly have: Facts;
  /** If not, objects that only the live catalog has are unknown. */
  readonly isLiveCatalogGiven: boolean;
  readonly isInTransaction: boolean;
  /** The names of enums that are replaced by new types, because a transaction cannot use a label that it has added. */
  readonly replaced: ReadonlySet<string>;
  /** The names of views and functions that are dropped and recreated. */
  readonly recreated: ReadonlySet<string>;
}

/** The name under which `needs` of other facts lists the object. */
export function objectName({ kind, schema, name }: Pick<Fact, 'kind' | 'schema' | 'name'>): string {
  return `${kind} ${schema}.${name}`;
}

/** The name under which `needs` of other facts lists the table or view. */
export const tableObject = (schema: string, table: string): string =>
  objectName({ kind: 'table', schema, name: table });

/** The names of the objects on which the fact's object depends, such as `table app.event`. */
export function needsOf(fact: Fact): string[] {
  const needs: unknown = JSON.parse(fact.attributes['needs'] ?? '[]');
  return Array.isArray(needs) ? needs.map(String) : [];
}

/** The beginning of an ALTER of a table or view. */
export function alterRelation({ schema, table }: Pick<Fact, 'schema' | 'table'>, { want }: ReconcileInput): string {
  const fact = want.table(schema, table);
  const keyword = isView(fact) ? fact?.attributes['kind']?.toUpperCase() : 'TABLE';
  return `ALTER ${keyword} ${qualifiedName(schema, table)}`;
}
