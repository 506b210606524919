import type { Column } from 'drizzle-orm';

import type { Check, Finding } from '../../check.ts';
import { qualifiedName, displayName, subjectOf } from '../../code-tables.ts';
import { insertSql } from '../../sql-text.ts';
import { onEachTable, type Trial } from './each-table.ts';
import { type Probe, type ProbeResult, describeResult, runEach } from './probes.ts';
import { isUnrelated } from './unrelated-refusal.ts';

export const lengths: Check = {
  id: 'behave/lengths',
  title: 'Text columns accept their full length and refuse one character more',
  method: 'Inserts the maximum number of characters and one more, of one byte and of four bytes, and rolls back.',
  why: 'A valid text is refused, or a long text is cut.',
  remedy: 'Correct the type of the column: `pnpm verify --only schema` prints the SQL.',
  mode: 'rolls-back',
  run: (context) => onEachTable(context, testLengths),
};

/** PostgreSQL counts characters. The character of four bytes reveals a limit that counts bytes or UTF-16 units. */
const CHARACTERS = [
  ['x', 'one byte'],
  ['𝕏', 'four bytes'],
] as const;

/** Longer texts take too long to send. */
const LENGTH_MAX = 100_000;

interface Attempt {
  readonly name: string;
  readonly what: string;
  readonly probe: Probe;
  readonly isValid: boolean;
}

async function testLengths(trial: Trial): Promise<Finding[]> {
  const attempts = Object.values(trial.table.columns).flatMap((column) => attemptsOf(trial, column));
  return await runEach(trial.session, attempts, (attempt, result) => toFindings(trial.table, attempt, result));
}

/** Texts of the column's length and of one character more. None if the column has no length or another constraint. */
function attemptsOf({ table, values }: Trial, column: Column): Attempt[] {
  const { name } = column;
  const length = Number(/^(?:var)?char\((\d+)\)$/.exec(column.getSQLType())?.[1] ?? 0);
  const isLive = table.shape.columns.some((live) => live.name === name && !live.isGenerated);
  // A column of a foreign key or of a generated column is limited by more than its length.
  const hasOtherConstraint =
    table.foreignKeys.some(({ columns }) => columns.includes(name)) ||
    table.shape.columns.some(({ generation = '' }) => generation.includes(name));
  if (length === 0 || length > LENGTH_MAX || !isLive || hasOtherConstraint) return [];
  return CHARACTERS.flatMap(([character, size]) =>
    [length, length + 1].map((count) => ({
      name,
      what: `${count} characters of ${size} in ${displayName(table)}.${name}`,
      probe: [insertSql(qualifiedName(table), { ...values, [name]: character.repeat(count) })],
      isValid: count === length,
    })),
  );
}

function toFindings(table: Trial['table'], { name, what, isValid }: Attempt, result: ProbeResult): Finding[] {
  if (isUnrelated(table, result)) return [];
  const isExpected = isValid ? result.kind === 'accepted' : result.kind === 'refused' && result.code === '22001';
  if (isExpected) return [];
  const want = isValid ? 'accepted' : 'refused with 22001 (string_data_right_truncation)';
  return [{ have: `${what} are ${describeResult(result)}`, want, about: subjectOf(table, name), follows: FOLLOWS }];
}

const FOLLOWS = ['schema/column-type', 'schema/trigger-rule', 'schema/constraint-extra'];
