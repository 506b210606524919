/** The facts of one catalog, with lookups by key and by table. */
import { compareText, type Fact, type FactKind, identityOf, type FactKey } from './fact.ts';

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

  find(key: FactKey): Fact | undefined {
    return this.#byIdentity.get(identityOf(key));
  }

  /** The fact of the table or view itself. */
  table(schema: string, table: string): Fact | undefined {
    return this.find({ kind: 'table', schema, table, name: table });
  }

  ofTable(schema: string, table: string, kind?: FactKind): Fact[] {
    const facts = this.#byTable.get(JSON.stringify([schema, table])) ?? [];
    return kind === undefined ? facts : facts.filter((fact) => fact.kind === kind);
  }

  /** The columns sorted by position. */
  columns(schema: string, table: string): Fact[] {
    return this.ofTable(schema, table, 'column').toSorted(
      (a, b) => positionOf(a) - positionOf(b) || compareText(a.name, b.name),
    );
  }
}

function positionOf({ attributes }: Fact): number {
  return Number(attributes['position']);
}
