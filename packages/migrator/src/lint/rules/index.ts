/**
 * All rules, by subject. Each rule has two examples: it finds `bad` and accepts `good`. A test runs both on PostgreSQL, on the tables of
 * its fixture.
 */
import type { Rule } from '../rule.ts';
import { DATA } from './data.ts';
import { INDEXES } from './indexes.ts';
import { LOCKS } from './locks.ts';
import { RUNNING_CODE } from './running-code.ts';
import { SECURITY } from './security.ts';
import { TYPES } from './types.ts';

export const RULES: readonly Rule[] = [...INDEXES, ...LOCKS, ...RUNNING_CODE, ...DATA, ...SECURITY, ...TYPES];
