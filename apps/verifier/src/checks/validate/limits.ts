import { type Check, verdict } from '../../check.ts';
import { missingValidators, validatedTables } from '../../validated-tables.ts';
import { disagreements } from './disagreements.ts';

export const limits: Check = {
  id: 'validate/limits',
  title: 'Validators and columns agree on lengths, ranges, null and required columns',
  method: 'Runs each validator on boundary values of its columns’ types.',
  why: 'A valid input fails in the database, or the validator refuses a value that the column accepts.',
  remedy: 'Correct the validator of the table.',
  mode: 'local',
  run: async ({ database }) => {
    const validators = validatedTables(database).flatMap(({ table, validators: { insert, update } }) => [
      { name: `the validator of a new ${table.key}`, schema: insert, table, isPatch: false },
      { name: `the validator of a changed ${table.key}`, schema: update, table, isPatch: true },
    ]);
    const findings = [...missingValidators(database), ...validators.flatMap(disagreements)];
    return verdict(findings, `${validators.length} validators`);
  },
};
