import { todo, user } from '@todo/db/schema';
import { insertTodoSchema, insertUserSchema, updateTodoSchema, updateUserSchema } from '@todo/db/validators';

import { type Check, verdict } from '../../check.ts';
import { disagreements, type Validator } from './disagreements.ts';

const VALIDATORS: readonly Validator[] = [
  { name: 'insertUserSchema', schema: insertUserSchema, table: user, isPatch: false },
  { name: 'updateUserSchema', schema: updateUserSchema, table: user, isPatch: true },
  { name: 'insertTodoSchema', schema: insertTodoSchema, table: todo, isPatch: false },
  { name: 'updateTodoSchema', schema: updateTodoSchema, table: todo, isPatch: true },
];

export const limits: Check = {
  id: 'validate/limits',
  title: 'Validators and columns agree on lengths, ranges, null and what is required',
  method: 'Each validator is asked about values at the edge of what its column takes.',
  why: 'The database refuses what everything before it accepted, or people cannot store what there is room for.',
  remedy: 'Correct the validator in packages/db/src/validators.',
  severity: 'error',
  mode: 'local',
  run: async () => verdict(VALIDATORS.flatMap(disagreements)),
};
