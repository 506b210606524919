import { isDeepStrictEqual } from 'node:util';

import type { Database } from '@todo/client';
import { getTableColumns, sql } from 'drizzle-orm';
import pLimit from 'p-limit';

import { type Check, type Context, type Finding, verdict } from '../../check.ts';
import { displayName, subjectOf } from '../../code-tables.ts';
import { databaseError } from '../../error-chain.ts';
import { hasSameName, type LiveTable, liveTables } from '../../live-tables.ts';
import { type CrudPlan, planCrud } from './crud-plan.ts';
import type { DrizzleRow } from './drizzle-row.ts';
import { NO_ROW } from './each-table.ts';
import { runAndRollBack, type Transaction } from './run-and-roll-back.ts';
import { sessionOf } from './session-of.ts';

export const crud: Check = {
  id: 'behave/crud',
  title: 'Create, read, update and delete work on each table over both transports',
  method:
    'Inserts, reads, updates, reads, deletes and reads a row of each table: over HTTP in one batch, over WebSocket in one transaction.',
  why: 'Rows do not come back as they were written.',
  remedy: 'Correct the types, defaults and triggers of the table: `pnpm verify --only schema` prints the SQL.',
  mode: 'commits',
  needs: ['connect/http', 'connect/websocket'],
  run: async (context) => {
    const { tables } = await liveTables(context);
    const plans = await planAll(context);
    if (plans.length === 0) return { kind: 'skip', reason: NO_ROW };
    const limitBatches = pLimit(BATCHES_MAX);
    const [socket, ...http] = await Promise.all([
      testOverWebSocket(context, plans),
      ...plans.filter(({ hasTriggers }) => !hasTriggers).map((plan) => limitBatches(() => testOverHttp(context, plan))),
    ]);
    const withTriggers = plans.filter(({ hasTriggers }) => hasTriggers).map(({ table }) => displayName(table));
    const withoutKey = tables.filter((table) => !hasPrimaryKey(table)).map(displayName);
    const notes = [
      `${plans.length} tables`,
      ...listNames('not over HTTP, because a trigger may write other rows', withTriggers),
      ...listNames('skipped, because they have no primary key', withoutKey),
    ];
    return verdict([...socket, ...http.flat()], notes.join('; '));
  },
};

function listNames(what: string, names: readonly string[]): string[] {
  return names.length === 0 ? [] : [`${what}: ${names.join(', ')}`];
}

/** Whether a primary key identifies the rows. Without one, the delete could match an existing row with the same values. */
function hasPrimaryKey({ shape }: LiveTable): boolean {
  return shape.primaryKey.length > 0;
}

/** The number of concurrent batches. */
const BATCHES_MAX = 4;

interface TablePlan extends CrudPlan {
  /** A trigger or a rule may write other rows, which the batch would commit and not delete. */
  readonly hasTriggers: boolean;
}

/** Plans the statements for each table that has a primary key and accepts a row. */
async function planAll(context: Pick<Context, 'read' | 'database' | 'websocket'>): Promise<TablePlan[]> {
  const live = await liveTables(context);
  return await runAndRollBack(context.websocket, async (tx) => {
    const withTriggers = await readTablesWithTriggers(tx);
    const planned: TablePlan[] = [];
    for (const table of live.tables.filter(hasPrimaryKey)) {
      const plan = await planCrud(tx, table, live);
      if (plan === undefined) continue;
      const writtenTables = [table.shape, ...plan.parents.flatMap(({ shape = [] }) => shape)];
      planned.push({ ...plan, hasTriggers: withTriggers.some((other) => writtenTables.some(hasSameName(other))) });
    }
    return planned;
  });
}

/** Reads the tables with a trigger or a rule. */
async function readTablesWithTriggers(tx: Transaction): Promise<{ schema: string; name: string }[]> {
  const { rows } = await sessionOf(tx).query(`
    select n.nspname as schema, c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind in ('r', 'p') and (exists (select from pg_trigger t where t.tgrelid = c.oid and not t.tgisinternal)
      or exists (select from pg_rewrite w where w.ev_class = c.oid))`);
  return rows.map(({ schema, name }) => ({ schema: String(schema), name: String(name) }));
}

/** The statements that insert, read, update and delete the row, in order, for either transport. */
function statementsOf(db: Database | Transaction, { table: { table }, sent, change, where }: CrudPlan) {
  // The query builders of all databases are the same.
  const builder = db as Transaction;
  const condition = sql.raw(where);
  const select = () => builder.select().from(table).where(condition);
  return [
    builder.insert(table).overridingSystemValue().values(sent).returning(),
    select(),
    change === undefined ? select() : builder.update(table).set(change).where(condition).returning(),
    select(),
    builder.delete(table).where(condition).returning(),
    select(),
  ] as const;
}

async function testOverWebSocket(context: Pick<Context, 'websocket'>, plans: readonly CrudPlan[]): Promise<Finding[]> {
  return await runAndRollBack(context.websocket, async (tx) => {
    const findings: Finding[] = [];
    for (const plan of plans)
      findings.push(
        ...(await runAndRollBack(tx, (inner) => findingsOf('WebSocket', plan, () => runStatements(inner, plan)))),
      );
    return findings;
  });
}

async function runStatements(tx: Transaction, plan: CrudPlan): Promise<DrizzleRow[][]> {
  for (const { text } of plan.parents) await tx.execute(sql.raw(text));
  const results: DrizzleRow[][] = [];
  for (const statement of statementsOf(tx, plan)) results.push(await statement);
  return results;
}

async function testOverHttp({ http }: Pick<Context, 'http'>, plan: CrudPlan): Promise<Finding[]> {
  return await findingsOf('HTTP', plan, async () => {
    const before = plan.parents.map(({ text }) => http.execute(sql.raw(text)));
    const statements = statementsOf(http, plan);
    // Parents are deleted in reverse order.
    const after = plan.parents
      .toReversed()
      .flatMap(({ undo }) => (undo === undefined ? [] : [http.execute(sql.raw(undo))]));
    // The type of `batch` needs a tuple.
    const batch = [...before, ...statements, ...after] as unknown as Parameters<typeof http.batch>[0];
    const rows = (await http.batch(batch)) as unknown as DrizzleRow[][];
    return rows.slice(before.length, before.length + statements.length);
  });
}

/** Findings about the results of `statements`, or one finding if a statement is refused. */
async function findingsOf(
  transport: string,
  plan: CrudPlan,
  statements: () => Promise<DrizzleRow[][]>,
): Promise<Finding[]> {
  try {
    return toFindings(transport, plan, await statements());
  } catch (error) {
    const refusal = databaseError(error);
    if (refusal === undefined) throw error;
    const by = refusal.constraint === undefined ? '' : ` by ${refusal.constraint}`;
    return [finding(transport, plan, `refused with ${refusal.code}${by}`, 'a row that can be created and deleted')];
  }
}

/** The results are in the order of `statementsOf`. */
function toFindings(transport: string, plan: CrudPlan, results: readonly DrizzleRow[][]): Finding[] {
  const [inserted, read, updated, readAgain, deleted, remaining] = results.map(([row]) => row);
  const { sent, change = {} } = plan;
  const faults = [
    differingColumns(plan, inserted, sent).map((name) => `${name} differs from the inserted value`),
    isDeepStrictEqual(read, inserted) ? [] : ['select returns another row than insert'],
    differingColumns(plan, updated, { ...omitUpdatedColumns(plan, sent), ...change }).map(
      (name) => `${name} differs from the updated value`,
    ),
    isDeepStrictEqual(readAgain, updated) ? [] : ['select returns another row than update'],
    deleted === undefined ? ['delete does not find the row'] : [],
    remaining === undefined ? [] : ['the row still exists after the delete'],
  ].flat();
  return faults.map((fault) => finding(transport, plan, fault, 'the row as it was sent, and no row after the delete'));
}

/** The names of the columns whose values differ from the wanted ones. */
function differingColumns({ table }: CrudPlan, row: DrizzleRow | undefined, wanted: DrizzleRow): string[] {
  const columns = getTableColumns(table.table);
  return Object.keys(wanted)
    .filter((key) => !isDeepStrictEqual(row?.[key], wanted[key]))
    .map((key) => columns[key]?.name ?? key);
}

/** The row without columns that every update changes (`$onUpdate`). */
function omitUpdatedColumns({ table }: CrudPlan, row: DrizzleRow): DrizzleRow {
  return Object.fromEntries(Object.entries(row).filter(([key]) => table.columns[key]?.onUpdateFn === undefined));
}

function finding(transport: string, { table }: CrudPlan, fault: string, want: string): Finding {
  return {
    have: `a row of ${displayName(table)} over ${transport}: ${fault}`,
    want,
    about: subjectOf(table),
    follows: ['schema/*', 'behave/roundtrip'],
  };
}
