import type { RowValues } from '@todo/migrator/rows';
import type { Column } from 'drizzle-orm';

import type { Check, Finding } from '../../check.ts';
import { qualifiedName, displayName, subjectOf } from '../../code-tables.ts';
import { hasColumn } from '../../live-tables.ts';
import { insertSql, valueText } from '../../sql-text.ts';
import { shapeOf, missingValidators, type ValidatedTable, validatedTables } from '../../validated-tables.ts';
import { onEachTable, type Trial } from '../behave/each-table.ts';
import { insertValues } from '../behave/insert-values.ts';
import { type Probe, type ProbeResult, describeResult, runEach } from '../behave/probes.ts';
import { refusalOf } from '../behave/refusal.ts';
import { boundaryValues } from './boundary-values.ts';

export const agreement: Check = {
  id: 'validate/agreement',
  title: 'The database accepts every value that the validators accept',
  method: 'Writes boundary values of each column’s type that its validator accepts, and rolls back.',
  why: 'A valid input fails in the database, with an error that is not meant for users.',
  remedy: 'Correct the validator of the table.',
  mode: 'rolls-back',
  run: async (context) => {
    const validated = validatedTables(context.database);
    let accepted = 0;
    const tryValidated = async (trial: Trial) => {
      const validatedTable = validated.find(({ table }) => table.key === trial.table.key);
      if (validatedTable === undefined) return [];
      const attempts = attemptsOf(trial, validatedTable);
      accepted += attempts.length;
      return await testAttempts(trial, attempts);
    };
    const outcome = await onEachTable(context, tryValidated, missingValidators(context.database));
    context.step(`${accepted} values accepted and written`);
    return outcome;
  },
};

/** A value that the validator of the column `name` accepts, its text form, the row with it, and the insert. */
interface Attempt {
  readonly name: string;
  readonly value: unknown;
  readonly text: string | null;
  readonly row: RowValues;
  readonly probe: Probe;
}

/** The boundary values that the validators of the columns accept. */
function attemptsOf({ table, values }: Trial, { validators: { insert } }: ValidatedTable): Attempt[] {
  const shape = shapeOf(insert) ?? {};
  return Object.entries(table.columns).flatMap(([key, column]) => {
    const validator = shape[key];
    if (validator === undefined || cannotBeTested(table, column)) return [];
    return boundaryValues(column).flatMap((value): Attempt[] => {
      const { success, data } = validator.safeParse(value);
      if (!success || data === undefined) return [];
      const text = textOf(data, column);
      if (text === undefined) return [];
      const row = { ...values, [column.name]: text };
      return [{ name: column.name, value, text, row, probe: [insertSql(qualifiedName(table), row)] }];
    });
  });
}

/** Whether the column cannot be tested: part of a foreign key, generated, or not in the database. */
function cannotBeTested(table: Trial['table'], { name, generated }: Column): boolean {
  const isOfForeignKey = table.foreignKeys.some(({ columns }) => columns.includes(name));
  return !hasColumn(table, name) || generated !== undefined || isOfForeignKey;
}

/** The text form of a value. Undefined if the mapping of the column cannot write the value. */
function textOf(value: unknown, column: Column): string | null | undefined {
  try {
    return valueText(value, column);
  } catch {
    return undefined;
  }
}

/** Inserts each value. All are sent in one statement, except texts with U+0000, which a setting of PostgreSQL cannot contain. */
async function testAttempts(trial: Trial, attempts: readonly Attempt[]): Promise<Finding[]> {
  const isSentAlone = ({ text }: Attempt) => text?.includes('\0') === true;
  const sentTogether = attempts.filter((attempt) => !isSentAlone(attempt));
  const findings = await runEach(trial.session, sentTogether, (attempt, result) => toFindings(trial, attempt, result));
  for (const attempt of attempts.filter(isSentAlone)) {
    const refusal = await refusalOf(trial.tx, (savepoint) => insertValues(savepoint, trial.table, attempt.row));
    if (refusal !== undefined)
      findings.push(...toFindings(trial, attempt, { kind: 'refused', code: refusal.code ?? '' }));
  }
  return findings;
}

function toFindings({ table }: Trial, { name, value }: Attempt, result: ProbeResult): Finding[] {
  // With another SQLSTATE, another row, a CHECK or a trigger refused the row, not the type of the column.
  if (result.kind !== 'refused' || !TYPE_ERRORS.test(result.code)) return [];
  return [
    {
      have: `${displayName(table)}.${name}: the validator accepts ${describeValue(value)}, but the insert is ${describeResult(result)}`,
      want: 'a validator that refuses each value that the database refuses',
      about: subjectOf(table, name),
      follows: ['schema/*'],
    },
  ];
}

/** Data exceptions (22…), not_null_violation, and program_limit_exceeded for a value too large for an index. */
const TYPE_ERRORS = /^22|^23502$|^54000$/;

function describeValue(value: unknown): string {
  const text = typeof value === 'bigint' ? `${value}n` : (JSON.stringify(value) ?? String(value));
  return text.length > 40 ? `${text.slice(0, 30)}… (${text.length} long)` : text;
}
