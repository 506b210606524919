/** Builds Drizzle tables from a plan, with the calls that a schema file would make. */
import type { Schema } from '@todo/client';
import { type SQL, sql } from 'drizzle-orm';
import {
  check,
  foreignKey,
  index,
  type IndexBuilder,
  type PgColumn,
  type PgColumnBuilderBase,
  pgEnum,
  type PgEnum,
  pgMaterializedView,
  pgPolicy,
  pgRole,
  type PgSchema,
  pgSchema,
  pgSequence,
  pgTable,
  type PgTableExtraConfigValue,
  type PgTableWithColumns,
  pgView,
  primaryKey,
  type TableConfig,
  unique,
  uniqueIndex,
} from 'drizzle-orm/pg-core';

import { COLUMN_TYPES } from './column-types.ts';
import type {
  ColumnPlan,
  ForeignKeyPlan,
  IndexKeyPlan,
  IndexPlan,
  PolicyPlan,
  SchemaPlan,
  TablePlan,
  Template,
  ViewPlan,
} from './plan.ts';

type AnyTable = PgTableWithColumns<TableConfig>;
type Columns = Readonly<Record<string, PgColumn>>;

/** The methods that are called on a column's builder. Drizzle's own types track each call with generics, which a plan does not have. */
interface Builder extends PgColumnBuilderBase {
  array(): Builder;
  primaryKey(): Builder;
  notNull(): Builder;
  unique(name: string | undefined, config: { nulls: 'distinct' | 'not distinct' }): Builder;
  generatedAlwaysAsIdentity(options: object): Builder;
  generatedByDefaultAsIdentity(options: object): Builder;
  default(value: unknown): Builder;
  $onUpdate(value: () => unknown): Builder;
  generatedAlwaysAs(expression: SQL | (() => SQL)): Builder;
  references(column: () => PgColumn, actions: Pick<ForeignKeyPlan, 'onDelete' | 'onUpdate'>): Builder;
}

interface Built {
  readonly schemas: Map<string, PgSchema>;
  readonly enums: Map<string, PgEnum<[string, ...string[]]>>;
  readonly tables: Map<string, AnyTable>;
}

/** The exports of a schema module, in the order of the plan. */
export function buildSchema(plan: SchemaPlan): Schema {
  const built: Built = { schemas: new Map(), enums: new Map(), tables: new Map() };
  for (const name of plan.schemas) built.schemas.set(name, pgSchema(name));
  const inSchema = (schema: string | undefined) => (schema === undefined ? undefined : need(built.schemas, schema));
  const sequences = plan.sequences.map(({ key, name, schema, options }) => {
    return [key, inSchema(schema)?.sequence(name, options) ?? pgSequence(name, options)] as const;
  });
  for (const { key, name, schema, labels } of plan.enums) {
    const values = labels as [string, ...string[]];
    built.enums.set(key, inSchema(schema)?.enum(name, values) ?? pgEnum(name, values));
  }
  for (const table of plan.tables) built.tables.set(table.key, buildTable(table, built));
  const views = plan.views.map((view) => {
    const table = plan.tables.find(({ key }) => key === view.table);
    if (table === undefined) throw new Error(`the view ${view.key} reads no table of the plan`);
    return [view.key, buildView(view, table, built)] as const;
  });
  return {
    ...Object.fromEntries([...built.schemas].map(([, schema], place) => [`schema${place + 1}`, schema])),
    ...Object.fromEntries(built.enums),
    ...Object.fromEntries(sequences),
    ...Object.fromEntries(built.tables),
    ...Object.fromEntries(views),
  };
}

function need<T>(map: { get(key: string): T | undefined }, key: string): T {
  const value = map.get(key);
  if (value === undefined) throw new Error(`the plan names ${key}, which it does not have`);
  return value;
}

function column(columns: Columns, key: string): PgColumn {
  return need(new Map(Object.entries(columns)), key);
}

function buildTable(plan: TablePlan, built: Built): AnyTable {
  const columns = Object.fromEntries(plan.columns.map((each) => [each.key, buildColumn(each, plan, built)]));
  // The two functions differ only in the type of their result.
  const make =
    plan.schema === undefined ? pgTable : (need(built.schemas, plan.schema).table as unknown as typeof pgTable);
  const table = make(plan.name, columns, (own) => parts(plan, own, built)) as unknown as AnyTable;
  return plan.isRlsEnabled ? (table.enableRLS() as unknown as AnyTable) : table;
}

function buildColumn(plan: ColumnPlan, table: TablePlan, built: Built): Builder {
  const { key, dimensions = 0, unique: only, identity, generated, isTouchedOnUpdate, default: value } = plan;
  let builder = buildType(plan, built);
  for (let count = 0; count < dimensions; count += 1) builder = builder.array();
  if (plan.isPrimaryKey === true) builder = builder.primaryKey();
  else if (plan.isNotNull) builder = builder.notNull();
  if (identity?.kind === 'always') builder.generatedAlwaysAsIdentity(identity.options);
  if (identity?.kind === 'by default') builder.generatedByDefaultAsIdentity(identity.options);
  if (only !== undefined) builder.unique(only.name, { nulls: only.areNullsDistinct ? 'distinct' : 'not distinct' });
  if (value !== undefined) builder.default('sql' in value ? sql.raw(value.sql) : value.value);
  if (isTouchedOnUpdate === true) builder.$onUpdate(() => sql`now()`);
  if (generated !== undefined) {
    const own = () => need(built.tables, table.key) as unknown as Columns;
    const text = named(generated.template, table);
    builder.generatedAlwaysAs(generated.isFunction ? () => fill(generated.template, own()) : sql.raw(text));
  }
  const inline = table.foreignKeys.find(({ isInline, columns: [only_] }) => isInline && only_ === key);
  if (inline !== undefined) builder.references(() => foreignColumns(inline, built)[0], actions(inline));
  return builder;
}

function buildType(plan: ColumnPlan, { enums }: Built): Builder {
  const { name, type, enum: enumKey } = plan;
  const builder = enumKey === undefined ? COLUMN_TYPES[type].build(name, plan) : need(enums, enumKey)(name);
  return builder as unknown as Builder;
}

function parts(plan: TablePlan, own: Columns, built: Built): PgTableExtraConfigValue[] {
  const of = (keys: readonly string[]) => keys.map((key) => column(own, key)) as [PgColumn, ...PgColumn[]];
  const key = plan.primaryKey;
  return [
    ...(key === undefined
      ? []
      : [primaryKey({ columns: of(key.columns), ...(key.name !== undefined && { name: key.name }) })]),
    ...plan.uniques.map(({ name, columns, areNullsDistinct }) => {
      const builder = unique(name).on(...of(columns));
      return areNullsDistinct ? builder : builder.nullsNotDistinct();
    }),
    ...plan.foreignKeys
      .filter(({ isInline }) => !isInline)
      .map((reference) => {
        const { onDelete, onUpdate } = actions(reference);
        const builder = foreignKey({
          columns: of(reference.columns),
          foreignColumns: foreignColumns(reference, built),
          ...(reference.name !== undefined && { name: reference.name }),
        });
        if (onDelete !== undefined) builder.onDelete(onDelete);
        if (onUpdate !== undefined) builder.onUpdate(onUpdate);
        return builder;
      }),
    ...plan.checks.map(({ name, template }) => check(name, fill(template, own))),
    ...plan.indexes.map((each) => buildIndex(each, own)),
    ...plan.policies.map((each) => buildPolicy(each, own)),
  ];
}

function foreignColumns({ table, foreignColumns: keys }: ForeignKeyPlan, { tables }: Built): [PgColumn, ...PgColumn[]] {
  const target = need(tables, table) as unknown as Columns;
  return keys.map((key) => column(target, key)) as [PgColumn, ...PgColumn[]];
}

function actions({ onDelete, onUpdate }: ForeignKeyPlan): Pick<ForeignKeyPlan, 'onDelete' | 'onUpdate'> {
  return { ...(onDelete !== undefined && { onDelete }), ...(onUpdate !== undefined && { onUpdate }) };
}

function buildIndex({ name, isUnique, method, keys, where, fillfactor }: IndexPlan, own: Columns): IndexBuilder {
  const on = (isUnique ? uniqueIndex : index)(name);
  const built = keys.map((key) => buildIndexKey(key, own)) as [SQL, ...SQL[]];
  let builder = method === undefined ? on.on(...built) : on.using(method, ...built);
  if (where !== undefined) builder = builder.where(fill(where, own));
  return fillfactor === undefined ? builder : builder.with({ fillfactor });
}

// Drizzle's index builder accepts columns and expressions. Each call on a column returns a new column.
function buildIndexKey(key: IndexKeyPlan, own: Columns): SQL {
  if ('expression' in key) return fill(key.expression, own);
  let built = column(own, key.column) as unknown as IndexedColumn;
  if (key.order !== undefined) built = built[key.order]();
  if (key.nulls !== undefined) built = key.nulls === 'first' ? built.nullsFirst() : built.nullsLast();
  if (key.opclass !== undefined) built = built.op(key.opclass);
  return built as unknown as SQL;
}

/** A column as Drizzle passes it to the third argument of `pgTable`. */
interface IndexedColumn {
  asc(): IndexedColumn;
  desc(): IndexedColumn;
  nullsFirst(): IndexedColumn;
  nullsLast(): IndexedColumn;
  op(opclass: string): IndexedColumn;
}

function buildPolicy({ name, as, for: command, to, using, withCheck }: PolicyPlan, own: Columns) {
  const roles = to.map((role) => (role.startsWith('pg_') ? pgRole(role).existing() : role));
  return pgPolicy(name, {
    ...(as !== undefined && { as }),
    ...(command !== undefined && { for: command }),
    ...(roles.length > 0 && { to: roles }),
    ...(using !== undefined && { using: fill(using, own) }),
    ...(withCheck !== undefined && { withCheck: fill(withCheck, own) }),
  });
}

function buildView(plan: ViewPlan, table: TablePlan, built: Built): unknown {
  const { name, isMaterialized, isManual, where, options, hasNoData } = plan;
  const place = plan.schema === undefined ? undefined : need(built.schemas, plan.schema);
  const source = need(built.tables, plan.table);
  const own = source as unknown as Columns;
  const selection = Object.fromEntries(plan.columns.map((key) => [key, column(own, key)]));
  const condition = where === undefined ? undefined : fill(where, own);
  if (isManual) {
    const columns = table.columns
      .filter(({ key }) => plan.columns.includes(key))
      .map((each) => [
        each.key,
        buildColumn({ ...plainColumn(each), isNotNull: false }, { ...table, foreignKeys: [] }, built),
      ]);
    const listed = Object.fromEntries(columns) as Record<string, Builder>;
    const query = sql`select ${sql.join(Object.values(selection), sql.raw(', '))} from ${source}${condition === undefined ? sql.raw('') : sql` where ${condition}`}`;
    if (!isMaterialized) return withOptions((place?.view ?? pgView)(name, listed), options).as(query);
    const builder = withOptions((place?.materializedView ?? pgMaterializedView)(name, listed), options);
    return (hasNoData ? builder.withNoData() : builder).as(query);
  }
  if (!isMaterialized) {
    return withOptions((place?.view ?? pgView)(name), options).as((qb) =>
      qb.select(selection).from(source).where(condition),
    );
  }
  const builder = withOptions((place?.materializedView ?? pgMaterializedView)(name), options);
  return (hasNoData ? builder.withNoData() : builder).as((qb) => qb.select(selection).from(source).where(condition));
}

/** A column of a view: without key, default and generation expression. */
function plainColumn({ key, name, type, length, precision, scale, enum: enumKey, dimensions }: ColumnPlan): ColumnPlan {
  return {
    key,
    name,
    isNotNull: false,
    type: COLUMN_TYPES[type].referencedAs ?? type,
    ...(length !== undefined && { length }),
    ...(precision !== undefined && { precision }),
    ...(scale !== undefined && { scale }),
    ...(enumKey !== undefined && { enum: enumKey }),
    ...(dimensions !== undefined && { dimensions }),
  };
}

function withOptions<T extends { with(options: never): T }>(builder: T, options: Readonly<Record<string, unknown>>): T {
  return Object.keys(options).length === 0 ? builder : builder.with(options as never);
}

/** Replaces the keys in braces with the columns. Other braces, such as in `'{}'`, stay. */
function fill(template: Template, columns: Columns): SQL {
  const pieces = template.split(/\{(\w+)\}/).map((piece, place) => {
    const isKey = place % 2 === 1 && columns[piece] !== undefined;
    return isKey ? sql`${columns[piece]}` : sql.raw(place % 2 === 1 ? `{${piece}}` : piece);
  });
  return sql.join(pieces);
}

/** Replaces the keys in braces with the quoted names of the columns. */
function named(template: Template, { columns }: TablePlan): string {
  return template.replaceAll(/\{(\w+)\}/g, (whole, key: string) => {
    const found = columns.find((each) => each.key === key);
    return found === undefined ? whole : `"${found.name}"`;
  });
}
