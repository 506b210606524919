import { quoted } from '@todo/migrator/catalog';
import { type Column, sql } from 'drizzle-orm';
import { RowError, type StoredRow } from '@todo/migrator/rows';

import type { Check, Finding } from '../../check.ts';
import { qualifiedName, displayName, subjectOf } from '../../code-tables.ts';
import { type DrizzleRow, isUnconstrainedText, readRow, writableValues } from './drizzle-row.ts';
import { isServerTime, OLD_TIME } from '../../server-time.ts';
import { onEachTable, type Trial, catchRowError } from './each-table.ts';
import { rowCondition } from './row-condition.ts';
import { describeRefusal, refusalOf } from './refusal.ts';
import { runAndRollBack } from './run-and-roll-back.ts';

/** Texts that change where code quotes, encodes or trims them incorrectly. */
const DIFFICULT_TEXTS = [
  ` \t\r\n'; drop table x; -- ` + String.raw`\' \\ \n $1 %s {"a": null} "` + ' 👩‍👩‍👧 שלום 你好 e\u0301 ',
  'null',
  '',
];

export const roundtrip: Check = {
  id: 'behave/roundtrip',
  title: 'Values are read back exactly as they were written',
  method:
    'Reads a full row and writes it again with Drizzle, writes texts that are easily broken, compares, and rolls back.',
  why: 'The application stores one value and reads another.',
  remedy: 'Correct settings, types or triggers: `pnpm verify --only connect schema` names them and prints the SQL.',
  mode: 'rolls-back',
  run: (context) => onEachTable(context, async (trial) => [...(await testRewrite(trial)), ...(await testTexts(trial))]),
};

const FOLLOWS = ['schema/trigger-rule', 'schema/column-type', 'schema/*', 'connect/server'];

/** Compares the text form of a row before and after Drizzle has read and written it. */
async function testRewrite({ table, maker, tx }: Trial): Promise<Finding[]> {
  const fullRow = await catchRowError(maker.insert(table.shape, { fillsOptionalColumns: true }));
  const before =
    fullRow instanceof RowError ? await catchRowError(maker.insert(table.shape, { given: timesOf(table) })) : fullRow;
  if (before instanceof RowError) return [];
  const where = rowCondition(table.shape, before);
  const row = await readRow(tx, table.table, where);
  if (row === undefined) return [rowFinding(table, 'Drizzle does not find a row that was inserted')];
  const after = await runAndRollBack(tx, async (savepoint) => {
    await savepoint.execute(sql.raw(`delete from ${qualifiedName(table)} where ${where}`));
    await savepoint.insert(table.table).overridingSystemValue().values(writableValues(table, row));
    const texts = table.shape.columns.map(({ name }) => `${quoted(name)}::text as ${quoted(name)}`).join(', ');
    const { rows } = await savepoint.execute<StoredRow>(
      sql.raw(`select ${texts} from ${qualifiedName(table)} where ${where}`),
    );
    return rows[0];
  });
  if (after === undefined) return [rowFinding(table, 'a row that Drizzle read and wrote again has another key')];
  const codeColumns = new Set(Object.values(table.columns).map(({ name }) => name));
  return table.shape.columns
    .filter(({ name }) => codeColumns.has(name) && after[name] !== before[name])
    .map(({ name }) => ({
      have: `${displayName(table)}.${name}, read and written again by Drizzle, has another value`,
      want: 'the same value',
      about: subjectOf(table, name),
      follows: FOLLOWS,
    }));
}

/** Values for time columns, in milliseconds: a default of `now()` has microseconds, which a JavaScript date loses. */
function timesOf({ columns }: Trial['table']): Record<string, string> {
  const times = Object.values(columns).filter(isServerTime);
  return Object.fromEntries(times.map(({ name }) => [name, OLD_TIME]));
}

function rowFinding(table: Trial['table'], have: string): Finding {
  return { have: `${displayName(table)}: ${have}`, want: 'the row', about: subjectOf(table), follows: FOLLOWS };
}

/** Writes difficult texts into all columns that accept any text, and compares what comes back. */
async function testTexts({ table, maker, tx }: Trial): Promise<Finding[]> {
  const columns = Object.entries(table.columns).filter(([, column]) => isUnconstrainedText(table, column));
  const [firstColumn] = columns;
  if (firstColumn === undefined) return [];
  const inserted = await catchRowError(maker.insert(table.shape));
  if (inserted instanceof RowError) return [];
  const where = rowCondition(table.shape, inserted);
  const row = await readRow(tx, table.table, where);
  if (row === undefined) return [];
  const findings: Finding[] = [];
  for (const text of DIFFICULT_TEXTS) {
    const sent = Object.fromEntries(columns.map(([key, column]) => [key, truncateToLength(text, column)]));
    findings.push(...(await testText({ table, tx }, where, { ...writableValues(table, row), ...sent }, sent)));
  }
  return [...findings, ...(await testNullCharacter({ table, tx }, where, writableValues(table, row), firstColumn))];
}

type TableTrial = Pick<Trial, 'table' | 'tx'>;

/** Writes a row in place of the row that `where` finds, so that their keys do not conflict, and rolls back. Returns the row as written, or the refusal. */
async function replaceRow({ table, tx }: TableTrial, where: string, row: DrizzleRow) {
  let returned: DrizzleRow | undefined;
  const refusal = await refusalOf(tx, (savepoint) =>
    runAndRollBack(savepoint, async (inner) => {
      await inner.execute(sql.raw(`delete from ${qualifiedName(table)} where ${where}`));
      [returned] = await inner.insert(table.table).overridingSystemValue().values(row).returning();
    }),
  );
  return { returned, refusal };
}

/** Writes a row with the texts in `sent`. A finding for each of these texts that does not come back as it was sent. */
async function testText(trial: TableTrial, where: string, row: DrizzleRow, sent: DrizzleRow): Promise<Finding[]> {
  const { table } = trial;
  const { returned, refusal } = await replaceRow(trial, where, row);
  // Truncated texts may violate a unique key. SQLSTATE 23… is an integrity constraint violation.
  if (refusal !== undefined && refusal.code?.startsWith('23')) return [];
  return Object.entries(sent)
    .filter(([key, text]) => returned?.[key] !== text)
    .map(([key, text]) => ({
      have:
        refusal === undefined
          ? `${displayName(table)}.${table.columns[key]?.name}: ${JSON.stringify(text)} comes back as ${JSON.stringify(returned?.[key])}`
          : `${JSON.stringify(text)} in ${displayName(table)}.${table.columns[key]?.name} is ${describeRefusal(refusal)}`,
      want: 'the text as it was sent',
      about: subjectOf(table, table.columns[key]?.name),
      follows: FOLLOWS,
    }));
}

/** A finding unless PostgreSQL refuses U+0000 in the column: a text of PostgreSQL cannot contain this character. */
async function testNullCharacter(
  trial: TableTrial,
  where: string,
  row: DrizzleRow,
  [key, column]: readonly [string, Column],
): Promise<Finding[]> {
  const { refusal } = await replaceRow(trial, where, { ...row, [key]: 'a\0' });
  if (refusal?.code === '22021') return [];
  const have = `the character U+0000 in ${displayName(trial.table)}.${column.name} is ${describeRefusal(refusal)}`;
  return [
    { have, want: 'refused with 22021 (character_not_in_repertoire)', about: subjectOf(trial.table, column.name) },
  ];
}

/** Truncates a text to the length of the column. */
function truncateToLength(text: string, column: Column): string {
  const length = Number(/\((\d+)\)/.exec(column.getSQLType())?.[1] ?? Infinity);
  return Array.from(text).slice(0, length).join('');
}
