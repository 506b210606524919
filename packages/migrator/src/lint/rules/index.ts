/** All rules, by subject. Each finds its example `bad` and accepts its example `good`; a test also runs both on PostgreSQL. */
import type { Rule } from '../rule.ts';
import { DATA } from './data.ts';
import { INDEXES } from './indexes.ts';
import { LOCKS } from './locks.ts';
import { RUNNING_CODE } from './running-code.ts';
import { SECURITY } from './security.ts';
import { TYPES } from './types.ts';

export const RULES: readonly Rule[] = [...INDEXES, ...LOCKS, ...RUNNING_CODE, ...DATA, ...SECURITY, ...TYPES];
