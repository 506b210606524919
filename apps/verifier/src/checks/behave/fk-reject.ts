import { FOREIGN_KEY_VIOLATION } from '@todo/migrator/rows';
import { readFolder } from '@todo/migrator';

import type { Check, Finding } from '../../check.ts';
import { type CodeForeignKey, qualifiedName, displayName, subjectOf } from '../../code-tables.ts';
import { insertSql } from '../../sql-text.ts';
import { absentParentValues, overlappingKeys } from './absent-parent.ts';
import { onEachTable, type Trial } from './each-table.ts';
import { type Probe, type ProbeResult, CHECKED_BEFORE_FOREIGN_KEYS, describeResult, runEach } from './probes.ts';

export const fkReject: Check = {
  id: 'behave/fk-reject',
  title: 'Each foreign key refuses a row without a parent, immediately and by name',
  method: 'Inserts a row without a parent for each foreign key, in a transaction that is rolled back.',
  why: 'Orphan rows appear, or the error comes with COMMIT, where no code expects it.',
  remedy: 'Create or correct the foreign key: `pnpm verify --only schema` prints the SQL.',
  mode: 'rolls-back',
  run: async (context) => {
    const deferred = await deferringStatements(context.database.migrations);
    return await onEachTable(context, (trial) => testForeignKeys(trial, deferred));
  },
};

/** The text of all statements of migrations that define a deferred constraint. Drizzle cannot express that, so they are written by hand. */
async function deferringStatements(folder: string): Promise<string> {
  const { migrations } = await readFolder(folder);
  const statements = migrations.flatMap(({ file }) => file?.statements ?? []).map(({ text }) => text);
  return statements.filter((text) => /\binitially\s+deferred\b/i.test(text)).join('\n');
}

async function testForeignKeys(trial: Trial, deferred: string): Promise<Finding[]> {
  const { table, values, session } = trial;
  const attempts: { key: CodeForeignKey; probe: Probe }[] = [];
  for (const key of table.foreignKeys) {
    const absentValues = await absentParentValues(trial, key);
    if (absentValues === undefined) continue;
    const isDeferred = deferred.includes(key.name);
    const insert = insertSql(qualifiedName(table), { ...values, ...absentValues });
    attempts.push({ key, probe: isDeferred ? [insert, 'set constraints all immediate', `select ''`] : [insert] });
  }
  return await runEach(session, attempts, ({ key }, result) => toFindings(table, key, result));
}

function toFindings(table: Trial['table'], key: CodeForeignKey, result: ProbeResult): Finding[] {
  if (result.kind === 'refused') {
    // Refused by this key, as wanted, or by another key with one of its columns, which PostgreSQL may check first.
    if (result.code === FOREIGN_KEY_VIOLATION && overlappingKeys(table, key).includes(result.constraint ?? ''))
      return [];
    if (CHECKED_BEFORE_FOREIGN_KEYS.has(result.code)) return [];
  }
  return [
    {
      have: `a row of ${displayName(table)} that refers to no ${displayName(key.references)} is ${describeResult(result)}`,
      want: `refused with 23503 (foreign_key_violation) by ${key.name}`,
      about: subjectOf(table, key.name),
      follows: [
        'schema/fk-missing',
        'schema/fk-definition',
        'schema/fk-trigger-disabled',
        'schema/constraint-not-valid',
        'schema/name',
      ],
    },
  ];
}
