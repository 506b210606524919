/** Derives earlier versions of a schema: the same schema with fewer tables, columns, labels, indexes, policies and views. */
import { COLUMN_TYPES } from './column-types.ts';
import { drawPlan } from './draw-plan.ts';
import type { ColumnPlan, EnumPlan, SchemaPlan, TablePlan } from './plan.ts';
import { Random } from './random.ts';

/** Returns the versions from the first to the last, which is the plan of the seed. Each migration runs on tables with rows. */
export function drawVersions(seed: number): [SchemaPlan, ...SchemaPlan[]] {
  const random = new Random(seed + 0x5eed);
  const versions: [SchemaPlan, ...SchemaPlan[]] = [drawPlan(seed)];
  const count = random.pick([1, 1, 1, 2, 2, 3]);
  while (versions.length < count) versions.unshift(smaller(random, versions[0]));
  return versions;
}

function smaller(random: Random, plan: SchemaPlan): SchemaPlan {
  const late = lateTables(random, plan.tables);
  const views = plan.views.filter(({ table }) => !late.has(table) && random.chance(0.5));
  const isInView = (table: TablePlan, key: string) =>
    views.some(
      (view) => view.table === table.key && (view.columns.includes(key) || view.where?.includes(`{${key}}`) === true),
    );
  const kept = plan.tables.filter(({ key }) => !late.has(key));
  const tables = kept.map((table) => smallerTable(random, table, kept, (key) => isInView(table, key)));
  return {
    ...plan,
    enums: plan.enums.map((each) => smallerEnum(random, each, plan.tables)),
    tables,
    views,
  };
}

/** Includes for each table the tables that refer to it: a foreign key is only created together with its columns. */
function lateTables(random: Random, tables: readonly TablePlan[]): Set<string> {
  const late = new Set(tables.filter(() => random.chance(0.25)).map(({ key }) => key));
  for (let size = -1; size !== late.size;) {
    size = late.size;
    for (const { key, foreignKeys } of tables) if (foreignKeys.some(({ table }) => late.has(table))) late.add(key);
  }
  return late.size === tables.length ? new Set() : late;
}

function smallerTable(
  random: Random,
  table: TablePlan,
  tables: readonly TablePlan[],
  isNeeded: (key: string) => boolean,
): TablePlan {
  const indexes = table.indexes.filter(({ isUnique }) => isUnique || random.chance(0.7));
  const policies = table.policies.filter(() => random.chance(0.7));
  const draft = { ...table, indexes, policies };
  const late = new Set(
    table.columns.filter(
      (column) => canBeAdded(column) && !isNeeded(column.key) && !isUsed(draft, tables, column) && random.chance(0.4),
    ),
  );
  const columns = table.columns.filter((column) => !late.has(column));
  return columns.length === 0 ? draft : { ...draft, columns };
}

/** Whether ADD COLUMN succeeds on a table with rows. */
function canBeAdded({
  isPrimaryKey,
  unique,
  isNotNull,
  default: value,
  type,
  identity,
  generated,
}: ColumnPlan): boolean {
  if (isPrimaryKey === true || unique !== undefined) return false;
  const fillsItself = COLUMN_TYPES[type].isSerial === true || identity !== undefined || generated !== undefined;
  return !isNotNull || value !== undefined || fillsItself;
}

function isUsed(table: TablePlan, tables: readonly TablePlan[], { key }: ColumnPlan): boolean {
  const lists = [
    ...(table.primaryKey === undefined ? [] : [table.primaryKey.columns]),
    ...table.uniques.map(({ columns }) => columns),
    ...table.foreignKeys.map(({ columns }) => columns),
    ...tables.flatMap(({ foreignKeys }) =>
      foreignKeys.filter((reference) => reference.table === table.key).map(({ foreignColumns }) => foreignColumns),
    ),
    ...table.indexes.map(({ keys }) => keys.map((each) => ('column' in each ? each.column : ''))),
  ];
  const templates = [
    ...table.checks.map(({ template }) => template),
    ...table.columns.map(({ generated }) => generated?.template),
    ...table.indexes.flatMap(({ keys, where }) => [
      where,
      ...keys.map((each) => ('column' in each ? undefined : each.expression)),
    ]),
    ...table.policies.flatMap(({ using, withCheck }) => [using, withCheck]),
  ];
  return (
    lists.some((list) => list.includes(key)) || templates.some((template) => template?.includes(`{${key}}`) === true)
  );
}

/** A label that is added cannot be used in the same transaction (SQLSTATE 55P04), not even as a default. */
function smallerEnum(random: Random, plan: EnumPlan, tables: readonly TablePlan[]): EnumPlan {
  const columns = tables.flatMap((table) => table.columns).filter((column) => column.enum === plan.key);
  const used = new Set(
    columns.flatMap(({ default: value }) => (value !== undefined && 'value' in value ? value.value : [])),
  );
  // When drizzle-kit adds a label, it escapes no quotes in that label and in the label that follows.
  if (plan.labels.some((label) => label.includes(`'`))) return plan;
  const labels = plan.labels.filter((label, place) => place === 0 || used.has(label) || random.chance(0.7));
  return { ...plan, labels };
}
