/** Draws views and materialized views of single tables. */
import { isPlain, type World } from './draft.ts';
import type { TablePlan, Template, ViewPlan } from './plan.ts';
import type { Random } from './random.ts';

export function drawViews(world: World, tables: readonly TablePlan[]): ViewPlan[] {
  const { random } = world;
  const sources = Array.from({ length: random.pick([0, 0, 0, 1, 2, 3]) }, () => random.pick(tables));
  return sources.filter((table) => table !== undefined).map((table) => drawView(world, table));
}

function drawView({ random, names, schemas }: World, table: TablePlan): ViewPlan {
  const isMaterialized = random.chance(0.3);
  const schema = random.chance(0.25) ? random.pick(schemas) : undefined;
  const where = random.chance(0.5) ? drawWhere(random, table) : undefined;
  return {
    ...names.take(),
    ...(schema !== undefined && { schema }),
    table: table.key,
    columns: random.some(table.columns, random.pick([1, 3, 100])).map(({ key }) => key),
    ...(where !== undefined && { where }),
    isMaterialized,
    isManual: random.chance(0.3),
    options: isMaterialized ? random.pick([{}, { fillfactor: 80 }]) : drawOptions(random),
    hasNoData: isMaterialized && random.chance(0.3),
  };
}

function drawWhere(random: Random, { columns }: TablePlan): Template | undefined {
  const column = random.pick(columns.filter(isPlain));
  if (column === undefined) return undefined;
  return column.type === 'boolean' ? `{${column.key}}` : `{${column.key}} is not null`;
}

function drawOptions(random: Random): Readonly<Record<string, unknown>> {
  return random.pick([{}, {}, { securityInvoker: true }, { securityBarrier: true }, { checkOption: 'cascaded' }]);
}
