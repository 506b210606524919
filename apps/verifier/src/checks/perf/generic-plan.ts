/** The generic plan of a query, as PostgreSQL would choose it for large tables. */
import type { Session } from '@todo/client';

/** PostgreSQL 16. */
const FIRST_VERSION_WITH_GENERIC_PLAN = 160_000;

/** A node of `EXPLAIN (FORMAT JSON)`. */
export interface PlanNode {
  readonly 'Node Type'?: string;
  readonly 'Relation Name'?: string;
  readonly Alias?: string;
  readonly 'Index Name'?: string;
  readonly 'Index Cond'?: string;
  readonly Plans?: readonly PlanNode[];
}

/**
 * The generic plan of a statement with parameters `$1`, `$2`. Sequential scans are off, because PostgreSQL prefers them for
 * a small table, with or without an index.
 */
export async function genericPlan(session: Session, text: string): Promise<PlanNode> {
  await session.query('begin read only; set local enable_seqscan = off; set local max_parallel_workers_per_gather = 0');
  try {
    const { rows } = await session.query("select current_setting('server_version_num') as version");
    return await (Number(rows[0]?.['version']) >= FIRST_VERSION_WITH_GENERIC_PLAN
      ? explain(session, `explain (generic_plan, format json) ${text}`)
      : explainPrepared(session, text));
  } finally {
    await session.query('rollback');
  }
}

/** The part of a plan for each alias. PostgreSQL appends a number to the alias of a partition. */
export function partsOf(plan: PlanNode, aliases: readonly string[]): Map<string, PlanNode> {
  const parts = new Map<string, PlanNode>();
  const visit = (node: PlanNode): void => {
    const { Alias: nodeAlias = '', Plans = [] } = node;
    const alias =
      aliases.find((each) => nodeAlias === each) ?? aliases.find((each) => nodeAlias.startsWith(`${each}_`));
    if (alias === undefined) Plans.forEach(visit);
    else if (!parts.has(alias)) parts.set(alias, node);
  };
  visit(plan);
  return parts;
}

/** The index conditions of a plan, without filters that are applied to the rows found. */
export function indexConditions({ 'Index Cond': condition, Plans = [] }: PlanNode): string[] {
  return [...(condition === undefined ? [] : [condition]), ...Plans.flatMap(indexConditions)];
}

/** The plan as text: a line per node, indented by depth. */
export function describePlan(node: PlanNode, depth = 0): string {
  const { 'Node Type': type, 'Relation Name': table, 'Index Name': index, 'Index Cond': condition, Plans = [] } = node;
  const line = [type, index && `using ${index}`, table && `on ${table}`, condition].filter(Boolean).join(' ');
  return [`${'  '.repeat(depth)}${line}`, ...Plans.map((plan) => describePlan(plan, depth + 1))].join('\n');
}

/** The generic plan before PostgreSQL 16. */
export async function explainPrepared(session: Session, text: string): Promise<PlanNode> {
  await session.query('set local plan_cache_mode = force_generic_plan');
  await session.query(`prepare verify_plan as ${text}`);
  try {
    // The generic plan does not depend on the values of the parameters.
    const nulls = Array.from(new Set(text.match(/\$\d+/g)), () => 'null');
    return await explain(session, `explain (format json) execute verify_plan(${nulls.join(', ')})`);
  } finally {
    // Fails in a failed transaction, whose first error says more.
    await session.query('deallocate verify_plan').catch(() => {});
  }
}

async function explain(session: Session, text: string): Promise<PlanNode> {
  const { rows } = await session.query(text);
  // One statement gives one plan: https://www.postgresql.org/docs/current/sql-explain.html
  const plans = rows[0]?.['QUERY PLAN'] as { Plan: PlanNode }[] | undefined;
  return plans?.[0]?.Plan ?? {};
}
