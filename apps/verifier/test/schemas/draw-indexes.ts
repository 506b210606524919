/** Draws unique constraints and indexes of every kind, and an index for each foreign key without one. */
import { COLUMN_TYPES } from './column-types.ts';
import { columnOf, hasManyValues, isComparable, isPlain, type TableDraft, type World } from './draft.ts';
import type { ColumnPlan, IndexKeyPlan, IndexPlan } from './plan.ts';
import type { Random } from './random.ts';

export function drawUniques({ random, names }: World, table: TableDraft): void {
  if (!random.chance(0.15)) return;
  const free = table.columns.filter((column) => isComparable(column) && !table.busy.has(column.key) && isPlain(column));
  const many = random.pick(free.filter((column) => hasManyValues(column) && column.isPrimaryKey !== true));
  const other = random.pick(free.filter((column) => column !== many && column.isPrimaryKey !== true));
  if (many === undefined || other === undefined) return;
  const columns = [other, many];
  const derived = `${table.name}_${columns.map(({ name }) => name).join('_')}_unique`;
  table.uniques.push({
    columns: columns.map(({ key }) => key),
    areNullsDistinct: random.chance(0.7),
    ...names.unlessDerived(derived),
  });
  for (const { key } of columns) table.busy.add(key);
}

type IndexParts = Pick<IndexPlan, 'keys'> & Partial<Omit<IndexPlan, 'name' | 'kind'>>;

/** The parts of an index by its kind. Undefined if the table has no suitable columns. */
const KINDS: Readonly<Record<string, (random: Random, table: TableDraft) => IndexParts | undefined>> = {
  plain: (random, table) => over(random.some(table.columns.filter(isIndexable), 1)),
  several: (random, table) => over(random.some(table.columns.filter(isIndexable), 3)),
  ordered: (random, table) => {
    const keys = random.some(table.columns.filter(isIndexable), 2).map((column) => orderedKey(random, column));
    return keys.length === 0 ? undefined : { keys };
  },
  unique: (random, table) => unique(random, table),
  'unique, partial': (random, table) => {
    const where = condition(random, table);
    const parts = unique(random, table);
    return where === undefined || parts === undefined ? undefined : { ...parts, where };
  },
  'unique expression': (random, table) => {
    const column = random.pick(
      table.columns.filter((other) => isText(other) && hasManyValues(other) && !table.busy.has(other.key)),
    );
    return column === undefined ? undefined : { isUnique: true, keys: [{ expression: `lower({${column.key}})` }] };
  },
  partial: (random, table) => {
    const where = condition(random, table);
    const parts = over(random.some(table.columns.filter(isIndexable), 1));
    return where === undefined || parts === undefined ? undefined : { ...parts, where };
  },
  expression: (random, table) => {
    const column = random.pick(table.columns.filter(isText));
    if (column === undefined) return undefined;
    const expression = random.pick(['lower({a})', `coalesce({a}, '')`, 'lower({a}) desc', '({a} || {a})']);
    return { keys: [{ expression: expression.replaceAll('{a}', `{${column.key}}`) }] };
  },
  gin: (random, table) => {
    const columns = table.columns.filter(
      ({ type, dimensions }) =>
        (dimensions === undefined && (type === 'jsonb' || type === 'tsvector')) ||
        (dimensions === 1 && type === 'text'),
    );
    const column = random.pick(columns);
    if (column === undefined) return undefined;
    const isPath = column.type === 'jsonb' && random.chance(0.4);
    return { method: 'gin', keys: [{ column: column.key, ...(isPath && { opclass: 'jsonb_path_ops' }) }] };
  },
  hash: (random, table) => method('hash', random, table, ({ type }) => ['text', 'integer', 'uuid'].includes(type)),
  brin: (random, table) =>
    method('brin', random, table, ({ type }) => type.startsWith('timestamp') || type.startsWith('date')),
  gist: (random, table) => {
    const column = random.pick(table.columns.filter((other) => isPlain(other) && /^(point|inet)/.test(other.type)));
    if (column === undefined) return undefined;
    // The type inet has no default operator class for GiST.
    return { method: 'gist', keys: [{ column: column.key, ...(column.type === 'inet' && { opclass: 'inet_ops' }) }] };
  },
  'operator class': (random, table) => {
    const column = random.pick(
      table.columns.filter(({ type, dimensions }) => type === 'text' && dimensions === undefined),
    );
    return column === undefined ? undefined : { keys: [{ column: column.key, opclass: 'text_pattern_ops' }] };
  },
  filled: (random, table) => {
    const parts = over(random.some(table.columns.filter(isIndexable), 1));
    return parts === undefined ? undefined : { ...parts, fillfactor: random.pick([50, 70, 90]) };
  },
};

export const INDEX_KINDS: readonly string[] = [...Object.keys(KINDS), 'of a foreign key'];

function isText(column: ColumnPlan): boolean {
  return isPlain(column) && (column.type === 'text' || column.type === 'varchar');
}

/** Includes arrays and generated columns. */
function isIndexable(column: ColumnPlan): boolean {
  return isComparable(column) && COLUMN_TYPES[column.type].family !== 'json';
}

function orderedKey(random: Random, { key: column }: ColumnPlan): IndexKeyPlan {
  const nulls = random.chance(0.6) ? random.pick(['first', 'last']) : undefined;
  return { column, order: random.pick(['desc', 'desc', 'asc']), ...(nulls !== undefined && { nulls }) };
}

function over(columns: readonly ColumnPlan[]): IndexParts | undefined {
  return columns.length === 0 ? undefined : { keys: columns.map(({ key: column }) => ({ column })) };
}

function unique(random: Random, table: TableDraft): IndexParts | undefined {
  const many = random.pick(
    table.columns.filter((column) => isPlain(column) && hasManyValues(column) && !table.busy.has(column.key)),
  );
  const others = table.columns.filter((column) => isIndexable(column) && column !== many);
  const parts = over([...random.some(others, random.int(0, 1)), ...(many === undefined ? [] : [many])]);
  return many === undefined || parts === undefined ? undefined : { ...parts, isUnique: true };
}

function condition(random: Random, { columns }: TableDraft): string | undefined {
  const column = random.pick(
    columns.filter((other) => isPlain(other) && (other.type === 'boolean' || !other.isNotNull)),
  );
  if (column === undefined) return undefined;
  if (column.type === 'boolean') return `{${column.key}}`;
  return random.pick([`{${column.key}} is null`, `{${column.key}} is not null`]);
}

function method(
  name: string,
  random: Random,
  { columns }: TableDraft,
  isOf: (column: ColumnPlan) => boolean,
): IndexParts | undefined {
  const column = random.pick(columns.filter((other) => isPlain(other) && isOf(other)));
  return column === undefined ? undefined : { method: name, keys: [{ column: column.key }] };
}

export function drawIndexes(world: World, table: TableDraft): void {
  const { random } = world;
  for (const kind of random.shuffled(Object.keys(KINDS)).slice(0, random.pick([0, 1, 2, 4, 8]))) {
    const parts = KINDS[kind]?.(random, table);
    if (parts === undefined || isThere(table, parts.keys)) continue;
    add(world, table, kind, parts);
    if (parts.isUnique !== true) continue;
    for (const key of parts.keys) if ('column' in key) table.busy.add(key.column);
  }
}

/** PostgreSQL creates no index for a foreign key. Without one, a delete of a referenced row scans the whole table. */
export function indexForeignKeys(world: World, table: TableDraft): void {
  for (const { columns } of table.foreignKeys) {
    if (leadingKeys(table).some((keys) => columns.every((column, index) => keys[index] === column))) continue;
    add(world, table, 'of a foreign key', { keys: columns.map((column) => ({ column })) });
  }
}

function leadingKeys({ columns, primaryKey, uniques, indexes }: TableDraft): string[][] {
  const single = columns.filter(({ isPrimaryKey, unique: only }) => isPrimaryKey === true || only !== undefined);
  const whole = indexes.filter(({ where, method: name }) => where === undefined && name === undefined);
  return [
    ...single.map(({ key }) => [key]),
    ...(primaryKey === undefined ? [] : [[...primaryKey.columns]]),
    ...uniques.map((constraint) => [...constraint.columns]),
    ...whole.map(({ keys }) => keys.map((key) => ('column' in key ? key.column : ''))),
  ];
}

/** Two indexes with the same keys would be a finding. */
function isThere(table: TableDraft, keys: readonly IndexKeyPlan[]): boolean {
  return (
    leadingKeys(table).some((columns) => columns.join() === textOf(keys)) ||
    table.indexes.some((index) => textOf(index.keys) === textOf(keys))
  );
}

function textOf(keys: readonly IndexKeyPlan[]): string {
  return keys.map((key) => ('column' in key ? key.column : key.expression)).join();
}

function add({ names }: World, table: TableDraft, kind: string, parts: IndexParts): void {
  const { keys, isUnique = false } = parts;
  const columns = keys.map((key) => ('column' in key ? columnOf(table, key.column).name : ''));
  const derived = `${table.name}_${columns.join('_')}_index`;
  // drizzle-kit derives no index name from an expression.
  const named = columns.includes('') ? { name: names.about(derived) } : names.unlessDerived(derived);
  table.indexes.push({ kind, isUnique, ...parts, ...named });
}
