/**
 * Finds definitions that drizzle-kit 0.31 writes wrongly or fails at, before it writes anything. Each fault comes with SQL to write
 * instead.
 */
import type { DatabaseDefinition } from '../../database-definition.ts';
import { tablesIn } from '../seed/tables-in.ts';
import { findUnwritableDefaults } from './unwritable-defaults.ts';
import { findUnwritableExpressions } from './unwritable-expressions.ts';

/** Returns one or two sentences per fault. */
export function findUnwritable({ schema }: DatabaseDefinition): string[] {
  const tables = tablesIn(schema);
  return [...tables.flatMap(findUnwritableDefaults), ...tables.flatMap(findUnwritableExpressions)];
}
