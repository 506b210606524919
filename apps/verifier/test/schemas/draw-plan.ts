/** Draws a whole schema. Only the seed decides its content. */
import { drawPlace, type TableDraft, type World } from './draft.ts';
import { drawChecks } from './draw-checks.ts';
import { drawColumns, drawPrimaryKey } from './draw-columns.ts';
import { drawGenerated } from './draw-generated.ts';
import { drawIndexes, drawUniques, indexForeignKeys } from './draw-indexes.ts';
import { drawPolicies } from './draw-policies.ts';
import { drawCycles, drawJoin, drawReferences } from './draw-references.ts';
import { drawViews } from './draw-views.ts';
import { ATTRIBUTES, Names, NOUNS } from './names.ts';
import type { EnumPlan, SchemaPlan, SequencePlan, TablePlan } from './plan.ts';
import { Random } from './random.ts';

export function drawPlan(seed: number): SchemaPlan {
  const random = new Random(seed);
  const oddness = random.pick([0, 0, 0.05, 0.15, 0.4]);
  const names = new Names(random, NOUNS, oddness);
  const schemas = Array.from({ length: random.pick([0, 0, 0, 1, 1, 2]) }, () =>
    names.about(random.pick(['audit', 'billing', 'archive'])),
  );
  const world: World = { random, names, oddness, schemas, ...drawTypes(random, names, schemas) };
  const tables = drawTables(world).map(toPlan);
  const { enums, sequences } = world;
  return { schemas, enums, sequences, tables, views: drawViews(world, tables) };
}

const LABELS = ['draft', 'live', 'gone', 'on hold', `won't do`, 'größer', 'A', 'a', '2fa', 'null', 'true', 'x-y', ''];

function drawTypes(random: Random, names: Names, schemas: readonly string[]): Pick<World, 'enums' | 'sequences'> {
  const place = () => {
    const schema = random.chance(0.3) ? random.pick(schemas) : undefined;
    return schema === undefined ? {} : { schema };
  };
  const enums = Array.from({ length: random.pick([0, 0, 1, 2, 3]) }, (): EnumPlan => {
    const count = random.pick([1, 2, 3, 5, LABELS.length]);
    return { ...names.take(), ...place(), labels: random.shuffled(LABELS).slice(0, count) };
  });
  const sequences = Array.from({ length: random.pick([0, 0, 0, 0, 1, 2]) }, (): SequencePlan => {
    const options = random.pick([
      {},
      { startWith: 1000, increment: 5 },
      { cache: 10, maxValue: 1_000_000, cycle: true },
    ]);
    return { ...names.take(), ...place(), options };
  });
  return { enums, sequences };
}

/** Draws tables in an order in which rows can be inserted, except for the references that close a cycle. */
function drawTables(world: World): TableDraft[] {
  const { random } = world;
  const size = random.weighted({ small: 55, middle: 35, large: 10 });
  const range = { small: [1, 5], middle: [6, 13], large: [14, 30] } as const;
  const [least, most] = range[size];
  const count = random.int(least, most);
  const tables: TableDraft[] = [];
  for (let index = 0; index < count; index += 1) tables.push(drawTable(world, tables));
  drawCycles(world, tables);
  for (const table of tables) {
    drawChecks(world, table);
    drawGenerated(world, table);
    drawIndexes(world, table);
    indexForeignKeys(world, table);
    drawPolicies(world, table);
  }
  return tables;
}

function drawTable(world: World, earlier: readonly TableDraft[]): TableDraft {
  const { random, names, oddness } = world;
  const table: TableDraft = {
    ...names.take(),
    ...drawPlace(world),
    columnNames: new Names(random, ATTRIBUTES, oddness),
    busy: new Set(),
    columns: [],
    uniques: [],
    foreignKeys: [],
    checks: [],
    indexes: [],
    policies: [],
    isRlsEnabled: false,
  };
  const isJoin = earlier.length > 0 && random.chance(0.15) && drawJoin(world, table, earlier);
  if (!isJoin) drawPrimaryKey(world, table);
  drawColumns(world, table);
  if (!isJoin) drawReferences(world, table, earlier);
  // A table needs at least one column.
  if (table.columns.length === 0) table.columns.push({ ...table.columnNames.take(), type: 'text', isNotNull: true });
  drawUniques(world, table);
  return table;
}

function toPlan({ columnNames: _names, busy: _busy, ...plan }: TableDraft): TablePlan {
  return plan;
}
