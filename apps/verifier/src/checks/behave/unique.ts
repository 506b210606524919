import { CHECK_VIOLATION, EXCLUSION_VIOLATION, UNIQUE_VIOLATION } from '@todo/migrator/rows';
import type { Check, Finding } from '../../check.ts';
import { qualifiedName, displayName, subjectOf } from '../../code-tables.ts';
import { insertSql } from '../../sql-text.ts';
import { type Duplicate, duplicatesOf } from './duplicates.ts';
import { onEachTable, type Trial } from './each-table.ts';
import { type ProbeResult, describeResult, runEach } from './probes.ts';

export const unique: Check = {
  id: 'behave/unique',
  title: 'Each unique key refuses a duplicate row, and the error names the key',
  method: 'Inserts a row and its duplicate for each primary key, unique constraint and unique index, and rolls back.',
  why: 'Two rows share a unique value, or the application cannot tell which value is taken.',
  remedy: 'Create, correct or rename the index: `pnpm verify --only schema` prints the SQL.',
  mode: 'rolls-back',
  run: (context) => onEachTable(context, testDuplicates),
};

async function testDuplicates(trial: Trial): Promise<Finding[]> {
  const attempts = (await duplicatesOf(trial)).map(({ key, names, values }) => {
    const insert = insertSql(qualifiedName(trial.table), values);
    // A deferred key is checked at SET CONSTRAINTS.
    return { key, names, probe: [insert, 'set constraints all immediate', `select ''`] };
  });
  return await runEach(trial.session, attempts, (attempt, result) => toFindings(trial.table, attempt, result));
}

function toFindings(
  table: Trial['table'],
  { key, names }: Pick<Duplicate, 'key' | 'names'>,
  result: ProbeResult,
): Finding[] {
  if (result.kind === 'refused') {
    if (result.code === UNIQUE_VIOLATION && names.includes(result.constraint ?? '')) return [];
    // PostgreSQL checks CHECK and exclusion constraints first.
    if (result.code === CHECK_VIOLATION || result.code === EXCLUSION_VIOLATION) return [];
  }
  return [
    {
      have: `a second row of ${displayName(table)} with the same ${key.columns?.join(', ') ?? key.name} is ${describeResult(result)}`,
      want: `refused with 23505 (unique_violation) by ${key.name}`,
      about: subjectOf(table, key.name),
      follows: [
        'schema/index-missing',
        'schema/index-definition',
        'schema/index-invalid',
        'schema/primary-key',
        'schema/*',
      ],
    },
  ];
}
