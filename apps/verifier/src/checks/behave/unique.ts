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
  const duplicates = await duplicatesOf(trial);
  // A deferred key is checked at SET CONSTRAINTS.
  const toProbe = ({ values }: Duplicate) => [
    insertSql(qualifiedName(trial.table), values),
    'set constraints all immediate',
    `select ''`,
  ];
  return await runEach(trial.session, duplicates, toProbe, (each, result) => toFindings(trial.table, each, result));
}

function toFindings(table: Trial['table'], { key, names }: Duplicate, result: ProbeResult | undefined): Finding[] {
  if (result?.kind === 'refused') {
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
