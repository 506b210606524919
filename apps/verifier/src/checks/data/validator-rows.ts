import type { Session } from '@todo/client';
import { todo, user } from '@todo/db/schema';
import { insertTodoSchema, insertUserSchema } from '@todo/db/validators';
import { getTableColumns, getTableName, type Table } from 'drizzle-orm';
import type { ZodObject } from 'zod';

import { type Check, type Finding, verdict } from '../../check.ts';

/** Of each table the oldest and the newest rows, so many each. */
const SAMPLE = 1000;

export const validatorRows: Check = {
  id: 'data/validator-rows',
  title: 'Stored rows pass today’s validators, and their times make sense',
  method: `The validators themselves, run over the ${SAMPLE} oldest and the ${SAMPLE} newest rows of each table.`,
  why: 'Whoever edits such a row is refused for what was stored before; times that run backwards sort wrongly.',
  remedy: 'Correct the rows, in a migration where there are many.',
  severity: 'warning',
  mode: 'reads',
  needs: ['connect/websocket'],
  run: ({ read }) =>
    read(async (session) => [
      ...(await judgeRows(session, user, insertUserSchema)),
      ...(await judgeRows(session, todo, insertTodoSchema)),
    ]).then((findings) => verdict(findings)),
};

type Row = Readonly<Record<string, unknown>>;

async function judgeRows(session: Session, table: Table, validator: ZodObject): Promise<Finding[]> {
  const name = getTableName(table);
  const { rows } = await session.query(sampleOf(name));
  const faults = new Map<string, unknown[]>();
  for (const row of rows) {
    const fault = timeFault(row) ?? validatorFault(row, table, validator);
    if (fault !== undefined) faults.set(fault, [...(faults.get(fault) ?? []), row['id']]);
  }
  return [...faults].map(([fault, ids]) => ({
    have: `${name} ${ids.slice(0, 5).join(', ')}${ids.length > 5 ? ` and ${ids.length - 5} more` : ''}: ${fault}`,
    want: 'rows that could be written today',
    about: { table: name },
  }));
}

/** Where computers begin to count, in whatever time zone: what is before was never measured. */
const FIRST = '1969-12-31 00:00:00+00';

/** Times are compared on the server: ours has another clock, and dates that JavaScript does not have. */
function sampleOf(name: string): string {
  const rows = (order: string) => `(select * from public."${name}" order by id ${order} limit ${SAMPLE})`;
  return `select distinct on (id) s.*, updated_at < created_at as "runsBackwards",
    greatest(created_at, updated_at) > now() + interval '5 minutes' as "isInFuture",
    not isfinite(created_at) or not isfinite(updated_at) as "isEndless",
    least(created_at, updated_at) < '${FIRST}' as "isTooEarly"
    from (${rows('asc')} union all ${rows('desc')}) s order by id`;
}

function timeFault({ runsBackwards, isInFuture, isEndless, isTooEarly }: Row): string | undefined {
  if (isEndless === true) return 'an infinite time';
  if (isInFuture === true) return 'a time in the future';
  if (isTooEarly === true) return 'a time before there were clocks to tell it';
  return runsBackwards === true ? 'updated_at before created_at' : undefined;
}

/** What the validator says of the first value that it refuses, or would store in another way; never the value. */
function validatorFault(row: Row, table: Table, validator: ZodObject): string | undefined {
  const columns = Object.entries(getTableColumns(table)).filter(([key]) => key in validator.shape);
  const values = Object.fromEntries(columns.map(([key, { name }]) => [key, row[name]]));
  const { success, data, error } = validator.safeParse(values);
  if (!success) {
    const { path, message } = error.issues[0] ?? { path: [], message: 'refused' };
    return `${path.join('.')}: ${message}`;
  }
  const [changed] = columns.find(([key]) => (data as Row)[key] !== values[key]) ?? [];
  return changed === undefined ? undefined : `${changed}: not as the validator would store it`;
}
