import { type Check, verdict } from '../../check.ts';
import { unvalidated, validatedTables } from '../../validated-tables.ts';
import { disagreements } from './disagreements.ts';

export const limits: Check = {
  id: 'validate/limits',
  title: 'Validators and columns agree on lengths, ranges, null and what is required',
  method: 'Each validator is asked about values at the edge of what its columns take, by their types.',
  why: 'The database refuses what everything before it accepted, or people cannot store what there is room for.',
  remedy: 'Correct the validator of the table.',
  severity: 'error',
  mode: 'local',
  run: async ({ database }) => {
    const validators = validatedTables(database).flatMap(({ table, validators: { insert, update } }) => [
      { name: `the validator of a new ${table.key}`, schema: insert, table, isPatch: false },
      { name: `the validator of a changed ${table.key}`, schema: update, table, isPatch: true },
    ]);
    return verdict([...unvalidated(database), ...validators.flatMap(disagreements)], `${validators.length} validators`);
  },
};
