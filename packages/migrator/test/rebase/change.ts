/** Random changes of a schema. There are so few names that two branches often change the same object. */
import { array, type Arbitrary, boolean, constant, constantFrom, nat, oneof, record, tuple } from 'fast-check';

import { type Column, type Model, origin, type Table } from './model.ts';

export type Change =
  | { readonly kind: 'add column'; readonly table: string; readonly name: string; readonly column: Column }
  | { readonly kind: 'drop column'; readonly table: string; readonly name: string }
  | { readonly kind: 'rename column'; readonly table: string; readonly name: string; readonly to: string }
  | { readonly kind: 'change type'; readonly table: string; readonly name: string }
  | { readonly kind: 'set default'; readonly table: string; readonly name: string; readonly value: string }
  | { readonly kind: 'add index'; readonly table: string; readonly name: string; readonly isUnique: boolean }
  | { readonly kind: 'add table'; readonly table: string; readonly name: string; readonly column: Column }
  | { readonly kind: 'drop table'; readonly table: string }
  | { readonly kind: 'add label'; readonly label: string; readonly place: number };

const anyTable = constantFrom('note', 'task', 'tag');
const newName = constantFrom('due', 'rank');
const anyColumn: Arbitrary<Column> = constantFrom<Column>({ type: 'text' }, { type: 'integer' }, { type: 'mood' });

/** A column that exists before the branches diverge, or that one of them may add. */
const anyPlace = constantFrom(
  { table: 'note', name: 'body' },
  { table: 'note', name: 'place' },
  { table: 'task', name: 'title' },
  { table: 'task', name: 'mood' },
  { table: 'note', name: 'due' },
);

const kind = <K extends Change['kind']>(name: K) => constant(name);

const atPlace: Arbitrary<Change> = tuple(
  anyPlace,
  oneof(
    record({ kind: kind('drop column') }),
    record({ kind: kind('rename column'), to: newName }),
    record({ kind: kind('set default'), value: constantFrom('1', '2') }),
    record({ kind: kind('add index'), isUnique: boolean() }),
  ),
).map(([{ table, name }, what]): Change => Object.assign(what, { table, name }));

const anyChange: Arbitrary<Change> = oneof(
  { weight: 3, arbitrary: record({ kind: kind('add column'), table: anyTable, name: newName, column: anyColumn }) },
  { weight: 4, arbitrary: atPlace },
  constant<Change>({ kind: 'change type', table: 'note', name: 'place' }),
  record({ kind: kind('add table'), table: constantFrom('tag', 'log'), name: newName, column: anyColumn }),
  record({ kind: kind('drop table'), table: constantFrom('note', 'task') }),
  record({ kind: kind('add label'), label: constantFrom('odd', 'calm'), place: nat({ max: 2 }) }),
);

/** One to three changes, at least one of which has an effect. */
export const changes: Arbitrary<Change[]> = array(anyChange, { minLength: 1, maxLength: 3 }).filter(
  (drawn) => drawn.reduce(apply, origin) !== origin,
);

/** Returns the same model if the change has no effect, such as for a missing column. */
export function apply(model: Model, change: Change): Model {
  switch (change.kind) {
    case 'add label': {
      const { label, place } = change;
      return model.moods.includes(label) ? model : { ...model, moods: model.moods.toSpliced(place, 0, label) };
    }
    case 'add table': {
      if (model.tables[change.table] !== undefined) return model;
      return withTable(model, change.table, { columns: { [change.name]: change.column }, indexes: {} });
    }
    case 'drop table': {
      const { [change.table]: gone, ...tables } = model.tables;
      return gone === undefined ? model : { ...model, tables };
    }
    default: {
      const found = model.tables[change.table];
      const changed = found && changeTable(found, change);
      return changed === undefined ? model : withTable(model, change.table, changed);
    }
  }
}

type TableChange = Exclude<Change, { kind: 'add label' | 'add table' | 'drop table' }>;

/** Undefined if the change has no effect. */
function changeTable({ columns, indexes }: Table, change: TableChange): Table | undefined {
  const { [change.name]: found, ...others } = columns;
  if (change.kind === 'add column') {
    return found === undefined ? { columns: { ...columns, [change.name]: change.column }, indexes } : undefined;
  }
  if (found === undefined) return undefined;
  const isIndexed = Object.values(indexes).some(({ column: indexed }) => indexed === change.name);
  switch (change.kind) {
    case 'drop column':
      return isIndexed ? undefined : { columns: others, indexes };
    case 'rename column':
      return columns[change.to] !== undefined ? undefined : rename({ columns, indexes }, change.name, change.to);
    case 'change type':
      // PostgreSQL has no assignment cast from text, and would have to cast a default, too.
      if (found.type !== 'integer' || found.default !== undefined) return undefined;
      return { columns: { ...columns, [change.name]: { type: 'text' } }, indexes };
    case 'set default':
      if (found.type === 'mood') return undefined;
      return { columns: { ...columns, [change.name]: { ...found, default: change.value } }, indexes };
    case 'add index': {
      const { table: owner, name: indexed, isUnique } = change;
      const indexName = `idx_${owner}_${indexed}`;
      return indexes[indexName] === undefined
        ? { columns, indexes: { ...indexes, [indexName]: { column: indexed, isUnique } } }
        : undefined;
    }
    default:
      return change satisfies never;
  }
}

function rename({ columns, indexes }: Table, from: string, to: string): Table {
  const renamed = Object.entries(columns).map(([key, value]) => [key === from ? to : key, value] as const);
  const moved = Object.entries(indexes).map(
    ([key, value]) => [key, value.column === from ? { ...value, column: to } : value] as const,
  );
  return { columns: Object.fromEntries(renamed), indexes: Object.fromEntries(moved) };
}

function withTable(model: Model, key: string, changed: Table): Model {
  return { ...model, tables: { ...model.tables, [key]: changed } };
}
