/** The tables of a schema comparison as a report shows them: one view per table, with a symbol (✗, +, ≠) and a description for each difference. */
import type { Difference, Fact } from '@todo/migrator/catalog';

import { displayName } from '../code-tables.ts';
import { type CatalogComparison, isSameObject } from '../schema-comparison.ts';

export interface TableView {
  readonly table: string;
  readonly state: State;
  /** How the table itself differs. Empty when it does not. */
  readonly note: string;
  /** The columns in their order, then indexes and constraints, then other parts that differ. */
  readonly rows: readonly Row[];
}

export interface Row {
  readonly kind: Fact['kind'];
  readonly name: string;
  readonly text: string;
  readonly state: State;
  /** How this part differs. Empty when it does not. */
  readonly note: string;
  /** The table that a foreign key refers to. */
  readonly target: string | undefined;
}

export type State = 'same' | Difference['change'];

/** Symbols beside the colors: color alone is not enough to read a report. */
export const SYMBOLS: Record<State, string> = { same: ' ', missing: '✗', extra: '+', changed: '≠', renamed: '≠' };

/** The tables that the code defines, then those that only the database has. */
export function tableViews(comparison: CatalogComparison): TableView[] {
  const { have, want, differences } = comparison;
  const extra = have.filter((fact) => differences.some((each) => each.change === 'extra' && isSameObject(each, fact)));
  return [...want, ...extra].filter(({ kind }) => kind === 'table').map((table) => toView(table, comparison));
}

/** The number of parts of a table that differ, including the table itself. */
export function countDifferences({ state, rows }: TableView): number {
  return [state, ...rows.map((row) => row.state)].filter((each) => each !== 'same').length;
}

/** `2 differences`; empty when nothing differs. */
export function describeCount(view: TableView): string {
  const count = countDifferences(view);
  return count === 0 ? '' : `${count} ${count === 1 ? 'difference' : 'differences'}`;
}

function toView({ schema, name: table }: Fact, { have, want, differences }: CatalogComparison): TableView {
  const isPartOfTable = (part: Pick<Fact, 'schema' | 'table'>) => part.schema === schema && part.table === table;
  const tableDifferences = differences.filter(isPartOfTable);
  const ownDifferences = tableDifferences.filter(({ kind }) => kind === 'table');
  // The comparison does not list the parts of a table that only the database has.
  const isExtra = (fact: Fact) =>
    ownDifferences[0]?.change === 'extra' ||
    tableDifferences.some((each) => each.change === 'extra' && isSameObject(each, fact));
  const facts = [...want.filter(isPartOfTable), ...have.filter((fact) => isPartOfTable(fact) && isExtra(fact))];
  const columns = facts.filter(({ kind }) => kind === 'column').toSorted(byPosition);
  const others = facts.filter(({ kind }) => kind !== 'column' && kind !== 'table');
  return {
    table: displayName({ schema, name: table }),
    state: ownDifferences[0]?.change ?? 'same',
    note: ownDifferences.map(describeDifference).join('; '),
    rows: [...columns, ...others].flatMap((fact) => toRow(fact, tableDifferences) ?? []),
  };
}

/** The row of a part of the table. Undefined for a part that does not differ and is no column, index or constraint. */
function toRow(fact: Fact, tableDifferences: readonly Difference[]): Row | undefined {
  const differences = tableDifferences.filter((difference) => isSameObject(difference, fact));
  const { kind, name, attributes } = fact;
  if (differences.length === 0 && !['column', 'index', 'constraint'].includes(kind)) return undefined;
  return {
    kind,
    name,
    text: kind === 'column' ? `${name}  ${attributes['type'] ?? ''}` : `${kind} ${name}`,
    state: differences[0]?.change ?? 'same',
    note: differences.map(describeDifference).join('; '),
    target: targetOf(fact),
  };
}

function describeDifference({ change, attribute, have, want }: Difference): string {
  switch (change) {
    case 'missing':
      return 'missing';
    case 'extra':
      return 'not in the code';
    case 'renamed':
      return `named ${have} in the database`;
    case 'changed':
      return `${attribute} ${have}, want ${want}`;
    default:
      return change satisfies never;
  }
}

function byPosition(a: Fact, b: Fact): number {
  return Number(a.attributes['position']) - Number(b.attributes['position']);
}

/** The table that a foreign key refers to: `author` in `FOREIGN KEY (author_id) REFERENCES public.author(id) ON DELETE CASCADE`, as PostgreSQL prints a foreign key. */
function targetOf({ kind, attributes }: Fact): string | undefined {
  if (kind !== 'constraint') return undefined;
  // Of the two groups of a name, one matches: the name in quotes, or the plain name.
  const [, quotedSchema, plainSchema, quotedTable, plainTable] = REFERENCE.exec(attributes['definition'] ?? '') ?? [];
  const table = quotedTable ?? plainTable;
  const schema = quotedSchema ?? plainSchema ?? 'public';
  return table === undefined ? undefined : displayName({ schema, name: table });
}

/** Two groups: a name in quotes, or a plain name. */
const NAME = String.raw`(?:"((?:[^"]|"")+)"|([^\s",.()]+))`;
const REFERENCE = new RegExp(String.raw`FOREIGN KEY \(.*REFERENCES (?:${NAME}\.)?${NAME}\(`);
