/** Generates the SQL for the change between two snapshots, with drizzle-kit. */
import { generateDrizzleJson, generateMigration } from 'drizzle-kit/api';

import { renameQuestionError, failOnQuestion } from '../rename-question.ts';
import type { Snapshot } from '../schema/snapshot.ts';

/** The snapshot of an empty schema. */
export function emptySnapshot(): Snapshot {
  return JSON.parse(JSON.stringify(generateDrizzleJson({})));
}

/**
 * Returns the statements that change the schema from one snapshot to the other. Asks about renames on a terminal, as `generate` does.
 * @throws {CommandFailure} if there is a question and no terminal.
 */
export async function generateStatements(before: Snapshot, after: Snapshot): Promise<string[]> {
  const isTerminal = process.stdin.isTTY && process.stdout.isTTY;
  // Without this line, drizzle-kit would print the error with its stack before it throws.
  if (!isTerminal && mayAskQuestion(before, after)) throw renameQuestionError();
  return failOnQuestion(generateMigration(before, after));
}

/** Whether drizzle-kit may ask: one object was removed, and another one of its kind was added. */
export function mayAskQuestion(before: Snapshot, after: Snapshot): boolean {
  const schemaKinds = ['schemas', 'enums', 'sequences', 'roles', 'views', 'tables', 'policies'];
  if (schemaKinds.some((kind) => hasRemovedAndAdded(before[kind], after[kind]))) return true;
  const [tablesBefore, tablesAfter] = [toTree(before['tables']), toTree(after['tables'])];
  return Object.entries(tablesBefore).some(([name, table]) => {
    const tableAfter = tablesAfter[name];
    if (tableAfter === undefined) return false;
    return ['columns', 'policies'].some((kind) => hasRemovedAndAdded(toTree(table)[kind], toTree(tableAfter)[kind]));
  });
}

function hasRemovedAndAdded(before: unknown, after: unknown): boolean {
  const [oldNames, newNames] = [Object.keys(toTree(before)), Object.keys(toTree(after))];
  const isRemoved = oldNames.some((name) => !newNames.includes(name));
  return isRemoved && newNames.some((name) => !oldNames.includes(name));
}

function toTree(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
