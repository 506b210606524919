import { isDeepStrictEqual } from 'node:util';

import type { Database } from '@todo/client';
import { getTableColumns } from 'drizzle-orm';
import { sql } from 'drizzle-orm';

import { type Check, type Context, type Finding, verdict } from '../../check.ts';
import { spelled, subjectOf } from '../../code-tables.ts';
import { databaseError } from '../../error-chain.ts';
import { type LiveTable, liveTables } from '../../live-tables.ts';
import { createSlots } from '../../slots.ts';
import { type CrudPlan, planCrud, toCondition } from './crud-plan.ts';
import type { DrizzleRow } from './drizzle-row.ts';
import { rolledBack, type Transaction } from './rolled-back.ts';
import { sessionOf } from './session-of.ts';

export const crud: Check = {
  id: 'behave/crud',
  title: 'Each table’s rows are created, read, updated and deleted over both transports',
  method:
    'A row of each table, inserted, read, updated, read, deleted and read: over HTTP in one batch, over WebSocket in one transaction.',
  why: 'What was written does not come back as it was written.',
  remedy: 'pnpm verify --only schema   # types, defaults, triggers',
  severity: 'error',
  mode: 'commits',
  needs: ['connect/http', 'connect/websocket'],
  run: async (context) => {
    const { tables } = await liveTables(context);
    const plans = await planAll(context);
    if (plans.length === 0) return { kind: 'skip', reason: 'no row could be made in any table: see behave/row' };
    const slots = createSlots(LANES);
    const [socket, ...http] = await Promise.all([
      overWebSocket(
        context,
        plans.map(({ plan }) => plan),
      ),
      ...plans.filter(({ hasTriggers }) => !hasTriggers).map(({ plan }) => slots(() => overHttp(context, plan))),
    ]);
    const skipped = plans.filter(({ hasTriggers }) => hasTriggers).map(({ plan }) => spelled(plan.table));
    const notes = [
      `${plans.length} tables`,
      ...listed('not over HTTP, because a trigger might leave something', skipped),
      ...listed('not those without a primary key', tables.filter((table) => !hasPrimaryKey(table)).map(spelled)),
    ];
    return verdict([...socket, ...http.flat()], notes.join('; '));
  },
};

function listed(what: string, names: readonly string[]): string[] {
  return names.length === 0 ? [] : [`${what}: ${names.join(', ')}`];
}

/** Without one, the delete might find somebody's row that has the same values. */
function hasPrimaryKey({ shape }: LiveTable): boolean {
  return shape.primaryKey.length > 0;
}

/** Batches at the same time. */
const LANES = 4;

interface Planned {
  readonly plan: CrudPlan;
  /** A trigger or a rule may write what stays when the row is gone, once the batch is committed. */
  readonly hasTriggers: boolean;
}

async function planAll(context: Pick<Context, 'read' | 'database' | 'websocket'>): Promise<Planned[]> {
  const live = await liveTables(context);
  return await rolledBack(context.websocket, async (tx) => {
    const busy = await withTriggers(tx);
    const planned: Planned[] = [];
    for (const table of live.tables.filter(hasPrimaryKey)) {
      const plan = await planCrud(tx, table, live);
      if (plan === undefined) continue;
      const concerned = [table.shape, ...plan.parents.flatMap(({ shape = [] }) => shape)];
      const isBusy = busy.some((other) =>
        concerned.some(({ schema, name }) => schema === other.schema && name === other.name),
      );
      planned.push({ plan, hasTriggers: isBusy });
    }
    return planned;
  });
}

/** Tables on which somebody’s code runs at a write. */
async function withTriggers(tx: Transaction): Promise<{ schema: string; name: string }[]> {
  const { rows } = await sessionOf(tx).query(`
    select n.nspname as schema, c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind in ('r', 'p') and (exists (select from pg_trigger t where t.tgrelid = c.oid and not t.tgisinternal)
      or exists (select from pg_rewrite w where w.ev_class = c.oid))`);
  return rows.map(({ schema, name }) => ({ schema: String(schema), name: String(name) }));
}

/** The statements of the story, in order, for either transport. */
function storyOf(db: Database | Transaction, { table: { table }, sent, change, where }: CrudPlan) {
  // Builders use of a database what all of them have alike.
  const own = db as Transaction;
  const found = () => own.select().from(table).where(toCondition(where));
  return [
    own.insert(table).overridingSystemValue().values(sent).returning(),
    found(),
    change === undefined ? found() : own.update(table).set(change).where(toCondition(where)).returning(),
    found(),
    own.delete(table).where(toCondition(where)).returning(),
    found(),
  ] as const;
}

async function overWebSocket(context: Pick<Context, 'websocket'>, plans: readonly CrudPlan[]): Promise<Finding[]> {
  return await rolledBack(context.websocket, async (tx) => {
    const findings: Finding[] = [];
    for (const plan of plans)
      findings.push(...(await rolledBack(tx, (own) => tell('WebSocket', plan, () => inTurn(own, plan)))));
    return findings;
  });
}

async function inTurn(tx: Transaction, plan: CrudPlan): Promise<DrizzleRow[][]> {
  for (const { text } of plan.parents) await tx.execute(sql.raw(text));
  const told: DrizzleRow[][] = [];
  for (const statement of storyOf(tx, plan)) told.push(await statement);
  return told;
}

async function overHttp({ http }: Pick<Context, 'http'>, plan: CrudPlan): Promise<Finding[]> {
  return await tell('HTTP', plan, async () => {
    const before = plan.parents.map(({ text }) => http.execute(sql.raw(text)));
    const story = storyOf(http, plan);
    // The last that came is the first to go.
    const after = plan.parents
      .toReversed()
      .flatMap(({ undo }) => (undo === undefined ? [] : [http.execute(sql.raw(undo))]));
    // The batch's type wants a list of known length.
    const batch = [...before, ...story, ...after] as unknown as Parameters<typeof http.batch>[0];
    const results = (await http.batch(batch)) as unknown as DrizzleRow[][];
    return results.slice(before.length, before.length + story.length);
  });
}

/** What PostgreSQL refuses in the story is a finding about the table. */
async function tell(transport: string, plan: CrudPlan, story: () => Promise<DrizzleRow[][]>): Promise<Finding[]> {
  try {
    return judge(transport, plan, await story());
  } catch (error) {
    const refusal = databaseError(error);
    if (refusal === undefined) throw error;
    const by = refusal.constraint === undefined ? '' : ` by ${refusal.constraint}`;
    return [finding(transport, plan, `refused with ${refusal.code}${by}`, 'a row that comes and goes')];
  }
}

function judge(transport: string, plan: CrudPlan, told: readonly DrizzleRow[][]): Finding[] {
  const [inserted, read, updated, readAgain, deleted, left] = told.map(([row]) => row);
  const { sent, change = {} } = plan;
  const faults = [
    differing(plan, inserted, sent).map((name) => `${name} is not as it was sent, when it is inserted`),
    isDeepStrictEqual(read, inserted) ? [] : ['it is not read as it was inserted'],
    differing(plan, updated, { ...steady(plan, sent), ...change }).map(
      (name) => `${name} is not as it was sent, when it is updated`,
    ),
    isDeepStrictEqual(readAgain, updated) ? [] : ['it is not read as it was updated'],
    deleted === undefined ? ['a delete does not find it'] : [],
    left === undefined ? [] : ['it is still there after it was deleted'],
  ].flat();
  return faults.map((fault) => finding(transport, plan, fault, 'the row as it was sent, and none in the end'));
}

/** Names of columns. */
function differing({ table }: CrudPlan, row: DrizzleRow | undefined, wanted: DrizzleRow): string[] {
  const columns = getTableColumns(table.table);
  return Object.keys(wanted)
    .filter((key) => !isDeepStrictEqual(row?.[key], wanted[key]))
    .map((key) => columns[key]?.name ?? key);
}

/** Without what an update moves by itself. */
function steady({ table }: CrudPlan, row: DrizzleRow): DrizzleRow {
  return Object.fromEntries(Object.entries(row).filter(([key]) => table.columns[key]?.onUpdateFn === undefined));
}

function finding(transport: string, { table }: CrudPlan, what: string, want: string): Finding {
  return {
    have: `a row of ${spelled(table)} over ${transport}: ${what}`,
    want,
    about: subjectOf(table),
    follows: ['schema/*', 'behave/roundtrip'],
  };
}
