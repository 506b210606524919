/** Draws the columns of a table: its primary key first, then any types in any modes. */
import { ARRAY_DEFAULTS, COLUMN_TYPES, type ColumnTypeId } from './column-types.ts';
import { hasManyValues, isComparable, type TableDraft, type World } from './draft.ts';
import type { ColumnPlan } from './plan.ts';
import type { Random } from './random.ts';

const TYPE_IDS = (Object.keys(COLUMN_TYPES) as ColumnTypeId[]).filter((id) => id !== 'enum' && id !== 'tsvector');
const UNCOMMON_KEYS: readonly ColumnTypeId[] = ['date_string', 'inet', 'macaddr', 'bytea', 'timestamptz_date'];

export function drawPrimaryKey(world: World, table: TableDraft): void {
  const { random } = world;
  const kind = random.weighted({
    serial: 24,
    identity: 24,
    uuid: 15,
    text: 10,
    whole: 6,
    two: 7,
    uncommon: 6,
    none: 8,
  });
  if (kind === 'none') return;
  if (kind === 'two') return drawTwo(world, table);
  const add = (column: Omit<ColumnPlan, 'key' | 'name' | 'isNotNull'>) => {
    const named = table.columnNames.take(random.chance(0.8) ? 'id' : undefined);
    table.columns.push({ ...named, isNotNull: true, isPrimaryKey: true, ...column });
  };
  switch (kind) {
    case 'serial':
      return add({ type: random.pick(['serial', 'serial', 'bigserial_number', 'bigserial_bigint', 'smallserial']) });
    case 'identity':
      return add(drawIdentity(world, table));
    case 'uuid':
      return add({ type: 'uuid', default: { sql: 'gen_random_uuid()' } });
    case 'text':
      return add(random.chance(0.5) ? { type: 'text' } : { type: 'varchar', length: random.pick([20, 64]) });
    case 'whole':
      return add({ type: random.pick(['integer', 'bigint_number', 'bigint_bigint', 'smallint']) });
    case 'uncommon':
      return add({ type: random.pick(UNCOMMON_KEYS) ?? 'inet' });
    default:
      kind satisfies never;
  }
}

/** Draws a primary key of two plain columns. Keys of columns that refer to other tables are drawn with the references. */
function drawTwo({ random, names }: World, table: TableDraft): void {
  const types = [random.pick(['integer', 'uuid', 'text'] as const), random.pick(['smallint', 'date_string'] as const)];
  const add = (type: ColumnTypeId): ColumnPlan => ({
    ...table.columnNames.take(),
    type,
    isNotNull: random.chance(0.7),
  });
  const columns = types.map(add);
  table.columns.push(...columns);
  const keys = columns.map(({ key }) => key);
  const base = `${table.name}_${columns.map(({ name }) => name).join('_')}_pk`;
  table.primaryKey = { columns: keys, ...names.unlessDerived(base) };
  for (const key of keys) table.busy.add(key);
}

function drawIdentity({ random, names }: World, { name }: TableDraft): Omit<ColumnPlan, 'key' | 'name' | 'isNotNull'> {
  const type = random.pick(['integer', 'integer', 'bigint_number', 'bigint_bigint', 'smallint'] as const);
  const kind = random.pick(['always', 'by default'] as const);
  // drizzle-kit names the sequence after table and column. The combined name may be too long.
  const isNamed = Buffer.byteLength(name) > 25 || random.chance(0.2);
  const named = isNamed ? { name: names.about(`${name}_numbers`) } : {};
  const options = random.pick([
    {},
    {},
    { startWith: 1000 },
    { startWith: 100, increment: 10, minValue: 100, maxValue: 30_000, cache: 5 },
    { increment: 2, cycle: true },
  ]);
  return { type, identity: { kind, options: { ...named, ...options } } };
}

export function drawColumns(world: World, table: TableDraft): void {
  const { random } = world;
  const count = random.int(0, random.chance(0.1) ? 20 : 8);
  for (let index = 0; index < count; index += 1) table.columns.push(drawColumn(world, table));
  if (random.chance(0.35)) addTimes(random, table);
}

function drawColumn(world: World, table: TableDraft): ColumnPlan {
  const { random, enums } = world;
  const named = table.columnNames.take();
  const enumPlan = random.chance(0.15) ? random.pick(enums) : undefined;
  const type = enumPlan === undefined ? drawType(random, table) : 'enum';
  if (COLUMN_TYPES[type].isSerial === true) return { ...named, type, isNotNull: true };
  if (random.chance(0.015)) {
    return { ...named, ...drawIdentity(world, table), isNotNull: true };
  }
  const column: ColumnPlan = {
    ...named,
    type,
    ...(enumPlan !== undefined && { enum: enumPlan.key }),
    ...drawOptions(random, type),
    ...(COLUMN_TYPES[type].isNeverArray !== true && random.chance(0.12) && { dimensions: random.chance(0.85) ? 1 : 2 }),
    isNotNull: random.chance(0.55),
  };
  if (random.chance(0.3)) return { ...column, ...drawDefault(world, column) };
  if (random.chance(0.1) && hasManyValues(column) && isComparable(column))
    return { ...column, ...drawUnique(world, table, column) };
  return column;
}

function drawType(random: Random, { columns }: TableDraft): ColumnTypeId {
  const type = random.pick(TYPE_IDS) ?? 'text';
  // A second serial or identity column is rare.
  const isSerial = COLUMN_TYPES[type].isSerial === true;
  return isSerial && (columns.length > 0 || random.chance(0.5)) ? random.pick(['integer', 'varchar', 'text']) : type;
}

const DECIMALS = [
  {},
  { precision: 5 },
  { precision: 10, scale: 2 },
  { precision: 12, scale: 4 },
  { precision: 38, scale: 10 },
] as const;

function drawOptions(random: Random, type: ColumnTypeId): Partial<ColumnPlan> {
  const { hasLength, hasPrecision, hasLabels } = COLUMN_TYPES[type];
  if (hasLabels === true && random.chance(0.15)) {
    return { labels: ['draft', 'live', 'gone'], ...(hasLength === true && { length: 20 }) };
  }
  if (type === 'char' || type === 'bit') return random.pick([{}, { length: 2 }, { length: 3 }, { length: 24 }]);
  if (hasLength === true)
    return random.pick([{}, { length: 1 }, { length: 20 }, { length: 64 }, { length: 255 }, { length: 1000 }]);
  if (type === 'numeric_bigint') return random.pick([{}, { precision: 10 }, { precision: 30 }]);
  if (hasPrecision === 'decimal') return random.pick(DECIMALS);
  if (hasPrecision === 'moment') return random.pick([{}, {}, { precision: 0 }, { precision: 3 }, { precision: 6 }]);
  return {};
}

function drawDefault(world: World, column: ColumnPlan): Partial<ColumnPlan> {
  const { random } = world;
  if (column.dimensions !== undefined) return drawArrayDefault(world, column);
  const fromSequence = column.type === 'bigint_number' ? drawSequenceDefault(world) : undefined;
  if (fromSequence !== undefined) return { default: fromSequence };
  if (column.enum !== undefined) {
    const { labels = [] } = world.enums.find(({ key }) => key === column.enum) ?? {};
    const value = random.pick(labels);
    return value === undefined ? {} : { default: { value } };
  }
  if (column.labels !== undefined) return { default: { value: 'draft' } };
  const chosen = random.pick(COLUMN_TYPES[column.type].defaults);
  return chosen === undefined || !fits(chosen, column) ? {} : { default: chosen };
}

/** PostgreSQL would refuse or round a default that is longer than its column, or has more digits. */
function fits(chosen: object, { type, length, precision, scale = 0 }: ColumnPlan): boolean {
  if ('sql' in chosen || !('value' in chosen)) return true;
  if (type.startsWith('numeric')) return precision === undefined || scale > 1 || Number(chosen.value) % 1 === 0;
  if (length === undefined) return true;
  return typeof chosen.value === 'string' && chosen.value.length <= length;
}

function drawArrayDefault({ random, enums }: World, column: ColumnPlan): Partial<ColumnPlan> {
  if (column.enum !== undefined) {
    const { labels = [] } = enums.find(({ key }) => key === column.enum) ?? {};
    return column.dimensions === 1 ? { default: { value: labels.filter(isQuotable).slice(0, 1) } } : {};
  }
  const values = column.dimensions === 1 ? random.some(ARRAY_DEFAULTS[column.type] ?? [], 2) : [];
  return { default: { value: values } };
}

const isQuotable = (label: string) => !label.includes(`'`) && !label.includes('"');

function drawSequenceDefault({ random, sequences }: World): { sql: string } | undefined {
  const sequence = random.pick(sequences);
  if (sequence === undefined) return undefined;
  const name = [sequence.schema ?? 'public', sequence.name].map((part) => `"${part}"`).join('.');
  return { sql: `nextval('${name.replaceAll(`'`, `''`)}'::regclass)` };
}

function drawUnique({ random, names }: World, table: TableDraft, { key, name }: ColumnPlan): Partial<ColumnPlan> {
  table.busy.add(key);
  return { unique: { areNullsDistinct: random.chance(0.7), ...names.unlessDerived(`${table.name}_${name}_unique`) } };
}

function addTimes(random: Random, { columns, columnNames, busy }: TableDraft): void {
  const type = random.pick(['timestamptz_date', 'timestamptz_date', 'timestamp_date', 'timestamptz_string'] as const);
  const time = { type, isNotNull: true, default: { sql: 'now()' } };
  const [created, updated] = [columnNames.take('created_at'), columnNames.take('updated_at')];
  columns.push({ ...created, ...time }, { ...updated, ...time, isTouchedOnUpdate: true });
  busy.add(created.key).add(updated.key);
}
