import { isDeepStrictEqual } from 'node:util';

import { quoted } from '@todo/migrator/catalog';
import { z } from 'zod';

import { type Check, type Context, type Finding, verdict } from '../../check.ts';
import { type CodeTable, qualifiedName, displayName, subjectOf } from '../../code-tables.ts';
import { jsonText } from '../../json-text.ts';
import { hasColumn, liveTables, type LiveTable } from '../../live-tables.ts';
import { runVerifierSql } from '../../own-sql.ts';
import { printableId } from '../../printable-id.ts';
import { isServerTime } from '../../server-time.ts';
import { literal, outputTextSql } from '../../sql-text.ts';
import { type ValidatedTable, shapeOf, validatedTables } from '../../validated-tables.ts';
import { parseStoredText } from './stored-text.ts';

/** Rows read per table from each end of the order by primary key; fewer when there are many tables. */
const ROWS_MAX = 1000;
const ROWS_OF_ALL_TABLES = 6000;

export const validatorRows: Check = {
  id: 'data/validator-rows',
  title: 'Stored rows pass the current validators and have plausible times',
  method: `Runs the validators over the first and the last rows of each table by primary key, up to ${ROWS_MAX} each, read in one query.`,
  why: 'An edit of such a row is refused because of older values; implausible times sort wrongly.',
  remedy: 'Correct the rows; if there are many, in a migration.',
  severity: 'warning',
  mode: 'reads',
  run: async (context) => {
    const samples = await samplesOf(context);
    if (samples.length === 0) return verdict([], 'no table has validators');
    const count = Math.min(ROWS_MAX, Math.ceil(ROWS_OF_ALL_TABLES / samples.length));
    const query = samples.map((sample, index) => queryOf(sample, index, count)).join('\nunion all ');
    const { rows } = await context.read((session) => runVerifierSql(session.query(query)));
    const storedRows = z.array(Row).parse(rows);
    const rowsAt = (index: number) => storedRows.filter((row) => row.index === index);
    const findings = samples.flatMap((sample, index) => toFindings(sample, rowsAt(index)));
    return verdict(findings, `${storedRows.length} rows`);
  },
};

interface Sample extends ValidatedTable {
  readonly live: LiveTable;
  /** Keys of the columns that exist in the database. */
  readonly keys: readonly string[];
}

async function samplesOf(context: Pick<Context, 'read' | 'database'>): Promise<Sample[]> {
  const { tables } = await liveTables(context);
  return validatedTables(context.database).flatMap(({ table, validators }) => {
    const live = tables.find(({ key }) => key === table.key);
    if (live === undefined) return [];
    const keys = Object.keys(table.columns).filter((key) => hasColumn(live, table.columns[key]?.name));
    return [{ table, validators, live, keys }];
  });
}

const Row = z.object({
  index: z.number(),
  id: z.string().nullable(),
  texts: jsonText(z.array(z.string().nullable())),
  timeFault: z.string().nullable(),
});

type Row = z.infer<typeof Row>;

/** A query for the rows at both ends of the primary key, each row once; without a primary key, for any rows. The server compares times by its clock. */
function queryOf({ live, keys }: Sample, index: number, count: number): string {
  const columns = keys.map((key) => quoted(live.columns[key]?.name ?? ''));
  const texts = `json_build_array(${columns.map((column) => outputTextSql(`r.${column}`)).join(', ')})::text`;
  const { primaryKey } = live.shape;
  const key = primaryKey.map(quoted).join(', ');
  const firstRows = (order: string) => `(select * from ${qualifiedName(live)} ${order} limit ${count})`;
  const rowsFromEnd = (direction: string) =>
    firstRows(`order by ${primaryKey.map((name) => `${quoted(name)} ${direction}`).join(', ')}`);
  const source =
    key === ''
      ? firstRows('')
      : `(select distinct on (${key}) * from (${rowsFromEnd('asc')} union all ${rowsFromEnd('desc')}) b order by ${key})`;
  return `(select ${index} as index, ${printableId(live.shape, 'r') ?? 'null'} as id, ${texts} as texts, ${timeFaultSql(live)} as "timeFault" from ${source} r)`;
}

/** The Unix epoch, in any time zone: an earlier time is wrong. */
const EARLIEST_TIME = '1969-12-31 00:00:00+00';

/** SQL for the first fault in the times that the server set in a row, as a text; null if the times are plausible. */
function timeFaultSql(table: LiveTable): string {
  const times = Object.values(table.columns).filter((column) => isServerTime(column) && hasColumn(table, column.name));
  const creationTimes = times.filter(({ onUpdateFn }) => onUpdateFn === undefined);
  const updateTimes = times.filter(({ onUpdateFn }) => onUpdateFn !== undefined);
  const anyTime = (condition: (column: string) => string) =>
    times.map(({ name }) => condition(`r.${quoted(name)}`)).join(' or ');
  const reversedTimes = updateTimes.flatMap(({ name: late }) =>
    creationTimes.map(
      ({ name: early }) => `when r.${quoted(late)} < r.${quoted(early)} then ${literal(`${late} before ${early}`)}`,
    ),
  );
  if (times.length === 0) return 'null::text';
  return `case when ${anyTime((column) => `not isfinite(${column})`)} then 'an infinite time'
    when ${anyTime((column) => `${column} > now() + interval '5 minutes'`)} then 'a time in the future'
    when ${anyTime((column) => `${column} < '${EARLIEST_TIME}'`)} then 'a time before 1970'
    ${reversedTimes.join('\n    ')} end`;
}

function toFindings(sample: Sample, rows: readonly Row[]): Finding[] {
  const { table, validators, keys } = sample;
  const shape = shapeOf(validators.insert);
  if (shape === undefined) {
    return [
      {
        have: `the insert validator of ${displayName(table)} is no object schema, so no row of the table was checked`,
        want: 'an object schema, such as z.object(…)',
        fix: 'Give the table a validator that is an object schema: see validatorsOf.',
        severity: 'info',
      },
    ];
  }
  const validatedKeys = keys.filter((key) => key in shape);
  const faults = new Map<string, string[]>();
  for (const row of rows) {
    const fault = row.timeFault ?? validatorFault(row, table, { validatedKeys, readKeys: keys }, validators.insert);
    if (fault !== undefined) faults.set(fault, [...(faults.get(fault) ?? []), row.id ?? '']);
  }
  return [...faults].map(([fault, ids]) => ({
    have: `${displayName(table)} ${listIds(ids)}: ${fault}`,
    want: 'rows that the validator accepts unchanged, with plausible times',
    about: subjectOf(table),
  }));
}

function listIds(ids: readonly string[]): string {
  const examples = ids.filter((id) => id !== '').slice(0, 5);
  if (examples.length === 0) return ids.length === 1 ? '(one row)' : `(${ids.length} rows)`;
  return `${examples.join(', ')}${ids.length > examples.length ? ` and ${ids.length - examples.length} more` : ''}`;
}

/** The key of the first value that the validator refuses or would change, and the reason, without the value. `texts` are in the order of `readKeys`. */
function validatorFault(
  { texts }: Row,
  { columns }: CodeTable,
  { validatedKeys, readKeys }: { readonly validatedKeys: readonly string[]; readonly readKeys: readonly string[] },
  validator: z.ZodType,
): string | undefined {
  const values = Object.fromEntries(
    validatedKeys.map((key) => {
      const column = columns[key];
      return [key, column === undefined ? undefined : parseStoredText(column, texts[readKeys.indexOf(key)] ?? null)];
    }),
  );
  const { success, data, error } = validator.safeParse(values);
  if (!success) {
    const { path, message } = error.issues[0] ?? { path: [], message: 'refused' };
    return `${path.join('.')}: ${message}`;
  }
  const output = Object(data) as Readonly<Record<string, unknown>>;
  const changedKey = validatedKeys.find((key) => !isDeepStrictEqual(output[key], values[key]));
  return changedKey === undefined ? undefined : `${changedKey}: the validator would store another value`;
}
