import type { Check, Finding } from '../../check.ts';
import { qualified, spelled, subjectOf } from '../../code-tables.ts';
import { insertText } from '../../sql-text.ts';
import { type Duplicate, duplicatesOf } from './duplicates.ts';
import { onEachTable, type Trial } from './each-table.ts';
import { type Answer, describeAnswer, judgeEach } from './probes.ts';

export const unique: Check = {
  id: 'behave/unique',
  title: 'Each unique key refuses a duplicate row, and the error names the key',
  method: 'Inserts a row and its duplicate for each primary key, unique constraint and unique index, and rolls back.',
  why: 'Two rows share a unique value, or the application cannot tell which value is taken.',
  remedy: 'pnpm verify --only schema   # schema/index-missing, schema/index-definition and schema/name',
  mode: 'rolls-back',
  run: (context) => onEachTable(context, tryDuplicates),
};

async function tryDuplicates(trial: Trial): Promise<Finding[]> {
  const duplicates = await duplicatesOf(trial);
  // A deferred key is checked at SET CONSTRAINTS.
  const toProbe = ({ values }: Duplicate) => [
    insertText(qualified(trial.table), values),
    'set constraints all immediate',
    `select ''`,
  ];
  return await judgeEach(trial.session, duplicates, toProbe, (each, answer) => judge(trial.table, each, answer));
}

function judge(table: Trial['table'], { key, names }: Duplicate, answer: Answer | undefined): Finding[] {
  if (answer?.kind === 'refused') {
    if (answer.code === '23505' && names.includes(answer.constraint ?? '')) return [];
    // PostgreSQL checks CHECK and exclusion constraints first.
    if (answer.code === '23514' || answer.code === '23P01') return [];
  }
  return [
    {
      have: `a second row of ${spelled(table)} with the same ${key.columns?.join(', ') ?? key.name} is ${describeAnswer(answer)}`,
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
