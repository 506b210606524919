/** Counts the data that statements would delete, before they run. */
import { isSqlState } from '@todo/client/errors';
import type { Session } from '@todo/client/session';

import type { Statement } from '../../catalog/index.ts';
import { displayName, quoted } from '../../catalog/quoted.ts';
import { runAndRollBack } from '../../transaction.ts';
import { rootCause } from '../failure.ts';
import { formatCount } from '../output.ts';

export interface Loss {
  readonly sql: string;
  /** Such as `12 rows of todo`. */
  readonly lostData: string;
}

/** Counts the rows or values that each statement deletes, if any. The session must be inside a transaction. */
export async function countLosses(session: Session, statements: readonly Statement[]): Promise<Loss[]> {
  const losses: Loss[] = [];
  for (const { sql, losesData } of statements) {
    const lostData = losesData && (await describeLoss(session, losesData));
    if (lostData !== undefined) losses.push({ sql, lostData });
  }
  return losses;
}

/** The table, column, sequence or attribute that a statement drops. */
type Target = NonNullable<Statement['losesData']>;

/** Describes the data that is lost. Undefined if there is none. */
async function describeLoss(session: Session, target: Target): Promise<string | undefined> {
  const { schema, table, column } = target;
  const kindQuery = 'select relkind::text as kind from pg_class where oid = to_regclass($1)';
  const { rows } = await session.query(kindQuery, [`${quoted(schema)}.${quoted(table)}`]);
  const name = displayName(schema, table, column ?? '');
  switch (rows[0]?.['kind']) {
    case 'r': // table
    case 'p': // partitioned table
    case 'f': // foreign table
      return describeCount(await countRows(session, target), column === undefined ? 'row' : 'value', name);
    case 'S': // sequence
      return `the last value of the sequence ${name}`;
    case 'c': // composite type
      return `the attribute ${name} of every stored value`;
    default:
      // The rows of a view belong to other tables.
      return undefined;
  }
}

interface Count {
  readonly count: number;
  readonly isEstimate: boolean;
}

const COUNT_TIMEOUT_MS = 5000;

/** Counts the rows or values, or estimates the rows if counting takes too long. */
async function countRows(session: Session, { schema, table, column }: Target): Promise<Count> {
  const from = `${quoted(schema)}.${quoted(table)}`;
  // count(*) counts rows; count(column) counts the values other than null.
  const counted = column === undefined ? '*' : quoted(column);
  try {
    return await runAndRollBack(session, async () => {
      await session.query(`set local statement_timeout = ${COUNT_TIMEOUT_MS}`);
      const { rows } = await session.query(`select count(${counted})::float8 as count from ${from}`);
      return { count: Number(rows[0]?.['count']), isEstimate: false };
    });
  } catch (error) {
    if (!isSqlState(rootCause(error).code)) throw error;
    const estimate = 'select reltuples::float8 as count from pg_class where oid = to_regclass($1)';
    const { rows } = await session.query(estimate, [from]);
    return { count: Number(rows[0]?.['count']), isEstimate: true };
  }
}

function describeCount({ count, isEstimate }: Count, unit: string, name: string): string | undefined {
  if (!isEstimate && count === 0) return undefined;
  // PostgreSQL has no estimate for a table that was never analyzed.
  if (count < 0) return `an unknown number of ${unit}s of ${name}`;
  return `${isEstimate ? 'about ' : ''}${formatCount(count, unit)} of ${name}`;
}
