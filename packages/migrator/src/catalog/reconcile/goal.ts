/** The input of reconciling: both catalogs, the differences and the options. */
import type { Difference } from '../difference.ts';
import { type Fact, type FactKind, identityOf, isView, type Place } from '../fact.ts';
import { qualified } from '../quoted.ts';

export interface Goal {
  readonly differences: readonly Difference[];
  readonly want: Facts;
  /** The live catalog. If it was not given, it is derived from the wanted catalog and the differences. */
  readonly have: Facts;
  readonly isHaveKnown: boolean;
  readonly isInTransaction: boolean;
  /** The names of enums that are replaced by new types: a transaction cannot use a label that it has added. */
  readonly replaced: ReadonlySet<string>;
  /** The names of views and functions that are dropped and created again. */
  readonly remade: ReadonlySet<string>;
}

export class Facts {
  readonly all: readonly Fact[];
  readonly #byIdentity: ReadonlyMap<string, Fact>;
  readonly #byTable = new Map<string, Fact[]>();

  constructor(all: readonly Fact[]) {
    this.all = all;
    this.#byIdentity = new Map(all.map((fact) => [identityOf(fact), fact]));
    for (const fact of all) {
      const key = JSON.stringify([fact.schema, fact.table]);
      const facts = this.#byTable.get(key);
      if (facts === undefined) this.#byTable.set(key, [fact]);
      else facts.push(fact);
    }
  }

  find(place: Place): Fact | undefined {
    return this.#byIdentity.get(identityOf(place));
  }

  table(schema: string, table: string): Fact | undefined {
    return this.find({ kind: 'table', schema, table, name: table });
  }

  ofTable(schema: string, table: string, kind?: FactKind): Fact[] {
    const facts = this.#byTable.get(JSON.stringify([schema, table])) ?? [];
    return kind === undefined ? facts : facts.filter((fact) => fact.kind === kind);
  }

  /** The columns sorted by position. */
  columns(schema: string, table: string): Fact[] {
    return this.ofTable(schema, table, 'column').toSorted((a, b) => positionOf(a) - positionOf(b));
  }

  column(schema: string, table: string, name: string): Fact | undefined {
    return this.find({ kind: 'column', schema, table, name });
  }
}

function positionOf({ attributes }: Fact): number {
  return Number(attributes['position']);
}

/** The name under which `needs` of other facts lists the object. */
export function objectName({ kind, schema, name }: Pick<Fact, 'kind' | 'schema' | 'name'>): string {
  return `${kind} ${schema}.${name}`;
}

export const tableObject = (schema: string, table: string): string =>
  objectName({ kind: 'table', schema, name: table });

export function needsOf(fact: Fact): string[] {
  const needs: unknown = JSON.parse(fact.attributes['needs'] ?? '[]');
  return Array.isArray(needs) ? needs.map(String) : [];
}

/** The beginning of an ALTER of a table or view. */
export function alterRelation({ schema, table }: Pick<Fact, 'schema' | 'table'>, { want }: Goal): string {
  const fact = want.table(schema, table);
  const keyword = isView(fact) ? fact?.attributes['kind']?.toUpperCase() : 'TABLE';
  return `ALTER ${keyword} ${qualified(schema, table)}`;
}
