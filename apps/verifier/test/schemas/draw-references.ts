/** Draws foreign keys to earlier tables, to the table itself, and from earlier tables to later ones, which makes a cycle. */
import { COLUMN_TYPES } from './column-types.ts';
import { columnOf, type TableDraft, type World } from './draft.ts';
import type { Action, ColumnPlan, ForeignKeyPlan } from './plan.ts';
import type { Random } from './random.ts';

export function drawReferences(world: World, table: TableDraft, earlier: readonly TableDraft[]): void {
  const { random } = world;
  const count = random.pick([0, 0, 0, 1, 1, 1, 1, 2, 2, 3]);
  for (let index = 0; index < count; index += 1) {
    const target = random.pick(earlier);
    if (target !== undefined) addReference(world, table, target, { isNotNull: random.chance(0.6) });
  }
  if (random.chance(0.12)) addReference(world, table, table, { isNotNull: false });
}

/** Draws a table whose primary key consists of references to other tables, or is a reference to another table's key. */
export function drawJoin(world: World, table: TableDraft, earlier: readonly TableDraft[]): boolean {
  const { random, names } = world;
  const targets = random.some(earlier, random.chance(0.8) ? 2 : 1);
  const columns = targets.flatMap((target) => addReference(world, table, target, { isNotNull: true, isKey: true }));
  if (columns.length === 0) return false;
  for (const { key } of columns) table.busy.add(key);
  const [only] = columns;
  if (columns.length === 1 && only !== undefined) {
    table.columns = table.columns.map((column) =>
      column.key === only.key ? { ...column, isPrimaryKey: true } : column,
    );
    return true;
  }
  const base = `${table.name}_${columns.map(({ name }) => name).join('_')}_pk`;
  table.primaryKey = { columns: columns.map(({ key }) => key), ...names.unlessDerived(base) };
  return true;
}

/** Draws references that close a cycle. Rows can be inserted because each of these references may be null. */
export function drawCycles(world: World, tables: readonly TableDraft[]): void {
  const { random } = world;
  for (const [index, table] of tables.entries()) {
    const later = random.pick(tables.slice(index + 1));
    if (later !== undefined && random.chance(0.1)) addReference(world, table, later, { isNotNull: false });
  }
}

interface ReferenceOptions {
  readonly isNotNull: boolean;
  readonly isKey?: true;
}

function addReference(world: World, table: TableDraft, target: TableDraft, options: ReferenceOptions): ColumnPlan[] {
  const { random, names } = world;
  const foreignColumns = random.pick(keysOf(target));
  if (foreignColumns === undefined) return [];
  const columns = foreignColumns.map((key) => referringColumn(table, target, columnOf(target, key), options));
  table.columns.push(...columns);
  for (const { key } of columns) table.busy.add(key);
  const derived = [
    table.name,
    ...columns.map(nameOf),
    target.name,
    ...foreignColumns.map((key) => columnOf(target, key).name),
    'fk',
  ];
  const named = names.unlessDerived(derived.join('_'));
  table.foreignKeys.push({
    columns: columns.map(({ key }) => key),
    table: target.key,
    foreignColumns,
    ...drawActions(random, options),
    // Drizzle can name a foreign key only if it is declared separately from the columns.
    ...named,
    isInline: named.name === undefined && columns.length === 1 && random.chance(0.8),
  });
  return columns;
}

function referringColumn(
  { columnNames }: TableDraft,
  target: TableDraft,
  { key, type, length, precision, scale, labels, enum: enumKey }: ColumnPlan,
  { isNotNull }: ReferenceOptions,
): ColumnPlan {
  return {
    ...columnNames.take(`${target.key.toLowerCase()}_${key.toLowerCase()}`),
    type: COLUMN_TYPES[type].referencedAs ?? type,
    ...(length !== undefined && { length }),
    ...(precision !== undefined && { precision }),
    ...(scale !== undefined && { scale }),
    ...(labels !== undefined && { labels }),
    ...(enumKey !== undefined && { enum: enumKey }),
    isNotNull,
  };
}

const nameOf = ({ name }: ColumnPlan): string => name;

/** Lists of columns that a foreign key may refer to. Unique indexes are left out: drizzle-kit creates them after the foreign key. */
function keysOf({ columns, primaryKey, uniques }: TableDraft): string[][] {
  const single = columns.filter(({ isPrimaryKey, unique }) => isPrimaryKey === true || unique !== undefined);
  const composite = [...(primaryKey === undefined ? [] : [primaryKey]), ...uniques].map((key) => key.columns.slice());
  return [...single.map(({ key }) => [key]), ...composite].filter((keys) =>
    keys.every((key) => columns.find((column) => column.key === key)?.generated === undefined),
  );
}

function drawActions(random: Random, { isNotNull }: ReferenceOptions): Pick<ForeignKeyPlan, 'onDelete' | 'onUpdate'> {
  const always: readonly Action[] = ['cascade', 'cascade', 'restrict', 'no action'];
  const actions = isNotNull ? always : [...always, 'set null' as const, 'set null' as const, 'set default' as const];
  const draw = (probability: number) => (random.chance(probability) ? random.pick(actions) : undefined);
  const [onDelete, onUpdate] = [draw(0.8), draw(0.3)];
  return { ...(onDelete !== undefined && { onDelete }), ...(onUpdate !== undefined && { onUpdate }) };
}
