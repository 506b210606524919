/** Sabotages of tables and columns. */
import type { Random } from '../random.ts';
import type { Live, LiveColumn, LiveTable } from './live.ts';
import { byOwner, bySuperuser, type Kind, type Sabotage, STRANGER } from './sabotage.ts';

/** Another schema for an object: that of any table, or `public`. */
export function anySchema({ tables }: Live, random: Random): string {
  return random.pick(tables)?.schema ?? 'public';
}

const onTable =
  (
    make: (table: LiveTable, random: Random, live: Live) => Sabotage,
    isOf: (table: LiveTable) => boolean = () => true,
  ): Kind =>
  (live, random) => {
    const table = random.pick(live.tables.filter(isOf));
    return table && make(table, random, live);
  };

export const TABLE_KINDS: readonly Kind[] = [
  onTable(({ name }) => byOwner(`drop table ${name}`, `drop table ${name} cascade`, 'schema/table-missing')),
  onTable(({ name }) =>
    byOwner(`rename table ${name}`, `alter table ${name} rename to ${STRANGER}`, 'schema/table-missing'),
  ),
  onTable(({ name }) =>
    byOwner(
      `move table ${name} to another schema`,
      [`create schema ${STRANGER}`, `alter table ${name} set schema ${STRANGER}`],
      'schema/table-missing',
    ),
  ),
  (live, random) =>
    byOwner('add a table', `create table ${anySchema(live, random)}.${STRANGER} (id integer)`, 'schema/table-extra'),
  onTable(({ name, schema }) =>
    byOwner(
      `copy table ${name}`,
      `create table ${schema}.${STRANGER} (like ${name} including all)`,
      'schema/table-extra',
    ),
  ),
  onTable(
    ({ name }) => byOwner(`make ${name} unlogged`, `alter table ${name} set unlogged`, 'schema/relation-kind'),
    ({ isReferenced }) => !isReferenced,
  ),
  onTable(({ name }) =>
    byOwner(`store ${name} otherwise`, `alter table ${name} set (fillfactor = 42)`, 'schema/table-options'),
  ),
  onTable(({ name }) =>
    byOwner(`log all of ${name}`, `alter table ${name} replica identity full`, 'schema/table-options'),
  ),
  onTable(({ name, schema }) =>
    byOwner(
      `let a table inherit ${name}`,
      `create table ${schema}.${STRANGER} () inherits (${name})`,
      'schema/relation-kind',
    ),
  ),
  onTable(({ name }) =>
    bySuperuser(`give ${name} to another owner`, `alter table ${name} owner to postgres`, 'schema/privileges'),
  ),
];

const onColumn =
  (
    make: (table: LiveTable, column: LiveColumn, random: Random) => Sabotage | undefined,
    isOf: (column: LiveColumn, table: LiveTable) => boolean = () => true,
  ): Kind =>
  ({ tables }, random) => {
    const candidates = tables.flatMap((table) =>
      table.columns.filter((column) => isOf(column, table)).map((column) => ({ table, column })),
    );
    const chosen = random.pick(candidates);
    return chosen && make(chosen.table, chosen.column, random);
  };

const alter = (table: LiveTable, column: LiveColumn) => `alter table ${table.name} alter column ${column.name}`;
const of = (table: LiveTable, column: LiveColumn) => `${table.name}.${column.name}`;

/** Types to which PostgreSQL converts without a USING clause. */
const OTHER_TYPES: readonly (readonly [from: RegExp, to: string])[] = [
  [/^character varying\(1?\d\)$/, 'varchar(100)'],
  [/^character varying/, 'text'],
  [/^text$/, 'varchar(10000)'],
  [/^character\(/, 'text'],
  [/^smallint$/, 'integer'],
  [/^integer$/, 'bigint'],
  [/^bigint$/, 'numeric'],
  [/^numeric$/, 'numeric(60, 20)'],
  [/^numeric\(/, 'numeric'],
  [/^real$/, 'double precision'],
  [/^double precision$/, 'numeric'],
  [/^date$/, 'timestamp'],
  [/^timestamp\(\d\)/, 'timestamptz'],
  [/^timestamp without/, 'timestamptz'],
  [/^timestamp with /, 'timestamptz(2)'],
  [/^time\(?\d?\)? ?without/, 'interval'],
  [/^json$/, 'jsonb'],
  [/^uuid$/, 'text'],
  [/^inet$/, 'text'],
  [/^cidr$/, 'inet'],
  [/^macaddr$/, 'text'],
  [/^bit/, 'varbit'],
];

function otherType({ type }: LiveColumn): string | undefined {
  return type.endsWith('[]') ? undefined : OTHER_TYPES.find(([from]) => from.test(type))?.[1];
}

const isStored = ({ isGenerated, identity }: LiveColumn) => !isGenerated && identity === '';

/** Another valid default for the type. */
const OTHER_DEFAULTS: readonly (readonly [type: RegExp, sql: string])[] = [
  [/^(text|character varying)/, `'x'`],
  [/^(smallint|integer|bigint|numeric|real|double)/, '4'],
  [/^boolean$/, `('1' = '2')`],
  [/^timestamp/, `now() - interval '1 hour'`],
  [/^date$/, `'2001-02-03'`],
  [/^uuid$/, `'00000000-0000-4000-8000-000000000000'`],
  [/^jsonb?$/, `'{"saboteur": 1}'`],
  [/^inet$/, `'192.0.2.1'`],
];

export const COLUMN_KINDS: readonly Kind[] = [
  onColumn((table, column) =>
    byOwner(
      `drop column ${of(table, column)}`,
      `alter table ${table.name} drop column ${column.name} cascade`,
      'schema/column-missing',
    ),
  ),
  onColumn((table, column) =>
    byOwner(
      `rename column ${of(table, column)}`,
      `alter table ${table.name} rename column ${column.name} to ${STRANGER}`,
      'schema/column-missing',
    ),
  ),
  onTable(({ name }) =>
    byOwner(`add a column to ${name}`, `alter table ${name} add column ${STRANGER} date`, 'schema/column-extra'),
  ),
  onTable(({ name }) =>
    byOwner(
      `add a column that must not be null to ${name}`,
      `alter table ${name} add column ${STRANGER} integer not null default 0`,
      'schema/column-extra',
    ),
  ),
  onColumn(
    (table, column) =>
      byOwner(
        `change the type of ${of(table, column)}`,
        [
          ...(column.default === null ? [] : [`${alter(table, column)} drop default`]),
          `${alter(table, column)} type ${otherType(column)}`,
        ],
        'schema/column-type',
      ),
    (column) => isStored(column) && !column.isRead && !column.isInForeignKey && otherType(column) !== undefined,
  ),
  onColumn(
    (table, column) =>
      byOwner(
        `change the collation of ${of(table, column)}`,
        `${alter(table, column)} type ${column.type} collate "C"`,
        'schema/column-type',
      ),
    (column) =>
      isStored(column) &&
      !column.isRead &&
      !column.isInForeignKey &&
      /^(text|character varying)[^[]*$/.test(column.type),
  ),
  onColumn(
    (table, column) =>
      byOwner(`let ${of(table, column)} be null`, `${alter(table, column)} drop not null`, 'schema/column-nullability'),
    ({ isNotNull, isInKey, identity }) => isNotNull && !isInKey && identity === '',
  ),
  onColumn(
    (table, column) =>
      byOwner(
        `let ${of(table, column)} not be null`,
        [`truncate ${table.name} cascade`, `${alter(table, column)} set not null`],
        'schema/column-nullability',
      ),
    ({ isNotNull }) => !isNotNull,
  ),
  onColumn(
    (table, column) =>
      byOwner(
        `drop the default of ${of(table, column)}`,
        `${alter(table, column)} drop default`,
        'schema/column-default',
      ),
    (column) => column.default !== null,
  ),
  onColumn(
    (table, column) => {
      const [, sql] = OTHER_DEFAULTS.find(([type]) => type.test(column.type)) ?? [];
      const change = `${alter(table, column)} set default ${sql}`;
      return byOwner(`change the default of ${of(table, column)}`, change, 'schema/column-default');
    },
    (column) =>
      isStored(column) && !column.type.endsWith('[]') && OTHER_DEFAULTS.some(([type]) => type.test(column.type)),
  ),
  onColumn(
    (table, column) =>
      byOwner(
        `no longer generate ${of(table, column)}`,
        `${alter(table, column)} drop expression`,
        'schema/column-default',
      ),
    ({ isGenerated }) => isGenerated,
  ),
  onColumn(
    (table, column) =>
      byOwner(
        `drop the identity of ${of(table, column)}`,
        `${alter(table, column)} drop identity`,
        'schema/column-default',
      ),
    ({ identity }) => identity !== '',
  ),
  onColumn(
    (table, column) => {
      const other = column.identity === 'a' ? 'by default' : 'always';
      const change = `${alter(table, column)} set generated ${other}`;
      return byOwner(`generate ${of(table, column)} ${other}`, change, 'schema/column-default');
    },
    ({ identity }) => identity !== '',
  ),
];
