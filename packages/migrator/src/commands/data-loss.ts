/** What statements would delete, counted before they run. */
import { type Node, parse } from 'libpg-query';
import type { Pool } from 'pg';

import { isSqlState } from '@todo/client/errors';
import { rootCause } from './failure.ts';

export interface Loss {
  readonly statement: string;
  /** Such as `12 rows of "invoice"`. */
  readonly what: string;
}

/** The statements that drop a table or a column or empty a table, with what is in there now; none that drop what is empty. */
export async function findDataLoss(pool: Pool, statements: readonly string[]): Promise<Loss[]> {
  const losses: Loss[] = [];
  for (const statement of statements) {
    for (const target of await targetsOf(statement)) {
      const what = await count(pool, target);
      if (what !== undefined) losses.push({ statement: statement.trim(), what });
    }
  }
  return losses;
}

interface Target {
  /** Quoted, and with its schema where the statement names that. */
  readonly table: string;
  readonly column?: string;
}

async function targetsOf(statement: string): Promise<Target[]> {
  const { stmts = [] } = await parse(statement);
  return stmts.flatMap(({ stmt }) => (stmt === undefined ? [] : targetsOfNode(stmt)));
}

function targetsOfNode(node: Node): Target[] {
  if ('DropStmt' in node && node.DropStmt.removeType === 'OBJECT_TABLE') {
    return (node.DropStmt.objects ?? []).map((object) => ({ table: quoteAll(namesOf(object)) }));
  }
  if ('TruncateStmt' in node) {
    return (node.TruncateStmt.relations ?? []).flatMap((relation) =>
      'RangeVar' in relation ? [{ table: tableOf(relation.RangeVar) }] : [],
    );
  }
  if ('AlterTableStmt' in node) {
    const table = tableOf(node.AlterTableStmt.relation ?? {});
    return (node.AlterTableStmt.cmds ?? []).flatMap((command) =>
      'AlterTableCmd' in command && command.AlterTableCmd.subtype === 'AT_DropColumn'
        ? [{ table, column: quoteAll([command.AlterTableCmd.name ?? '']) }]
        : [],
    );
  }
  return [];
}

function namesOf(node: Node): string[] {
  if (!('List' in node)) return [];
  return (node.List.items ?? []).flatMap((item) => ('String' in item ? [item.String.sval ?? ''] : []));
}

function tableOf({ schemaname, relname }: { schemaname?: string; relname?: string }): string {
  return quoteAll([schemaname, relname].filter((name) => name !== undefined));
}

function quoteAll(names: readonly string[]): string {
  return names.map((name) => `"${name.replaceAll('"', '""')}"`).join('.');
}

const COUNT_TIMEOUT_MS = 5000;

/** Undefined when there is nothing in it. A table that takes long to count is estimated. */
async function count(pool: Pool, { table, column }: Target): Promise<string | undefined> {
  const client = await pool.connect();
  try {
    await client.query(`set statement_timeout = ${COUNT_TIMEOUT_MS}`);
    const { rows } = await client.query(`select count(${column ?? '*'})::float8 as count from ${table}`);
    return describe(Number(rows[0].count), { table, ...(column !== undefined && { column }) });
  } catch (error) {
    const { code } = rootCause(error);
    if (!isSqlState(code)) throw error;
    const { rows } = await client.query('select reltuples as count from pg_class where oid = to_regclass($1)', [table]);
    // Dropped by an earlier statement of the same push, say.
    if (rows[0] === undefined) return undefined;
    const estimate = Number(rows[0].count);
    // Never analyzed: nobody knows.
    return estimate < 0 ? `uncounted rows of ${table}` : `about ${estimate} rows of ${table}`;
  } finally {
    // Its setting goes with it.
    client.release(true);
  }
}

function describe(found: number, { table, column }: Target): string | undefined {
  if (found === 0) return undefined;
  const unit = column === undefined ? 'row' : 'value';
  return `${found} ${unit}${found === 1 ? '' : 's'} of ${column === undefined ? table : `${table}.${column}`}`;
}
