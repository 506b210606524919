/** Draws generated columns. */
import { columnOf, isPlain, type TableDraft, type World } from './draft.ts';
import type { ColumnPlan, Template } from './plan.ts';

/** Generation expressions by the type of the column that they use. No expression overflows its type. */
const COMPUTATIONS: readonly {
  readonly from: (column: ColumnPlan) => boolean;
  readonly column: Partial<ColumnPlan> & Pick<ColumnPlan, 'type'>;
  readonly template: Template;
}[] = [
  { from: isText, column: { type: 'text' }, template: 'lower({a})' },
  { from: isText, column: { type: 'integer' }, template: 'char_length({a})' },
  { from: isText, column: { type: 'tsvector' }, template: `to_tsvector('english', coalesce({a}, ''))` },
  { from: isText, column: { type: 'text' }, template: `coalesce({a}, '') || ' ' || coalesce({b}, '')` },
  { from: isWhole, column: { type: 'numeric_string' }, template: '{a}::numeric * 2' },
  { from: ({ type }) => type === 'integer', column: { type: 'bigint_number' }, template: '{a}::bigint + {b}::bigint' },
  { from: ({ type }) => type === 'boolean', column: { type: 'boolean' }, template: 'not {a}' },
  { from: ({ type }) => type === 'jsonb', column: { type: 'text' }, template: `{a} ->> 'name'` },
  { from: isPlain, column: { type: 'boolean', isNotNull: true }, template: '{a} is not null' },
];

function isText(column: ColumnPlan): boolean {
  return isPlain(column) && (column.type === 'text' || column.type === 'varchar');
}

function isWhole(column: ColumnPlan): boolean {
  return isPlain(column) && ['smallint', 'integer', 'bigint_number'].includes(column.type);
}

export function drawGenerated({ random }: World, table: TableDraft): void {
  if (!random.chance(0.2)) return;
  const { from, column, template } = random.pick(COMPUTATIONS) ?? {
    from: () => false,
    column: { type: 'text' as const },
    template: '',
  };
  const sources = table.columns.filter((source) => isPlain(source) && from(source) && source.isPrimaryKey !== true);
  const a = random.pick(sources);
  const b = random.pick(sources);
  if (a === undefined || b === undefined) return;
  table.busy.add(a.key).add(b.key);
  const named = table.columnNames.take();
  const filled = template.replaceAll('{a}', `{${a.key}}`).replaceAll('{b}', `{${b.key}}`);
  table.columns.push({
    ...named,
    isNotNull: false,
    ...column,
    generated: { template: filled, isFunction: random.chance(0.5) },
  });
  table.busy.add(columnOf(table, named.key).key);
}
