/** Whether a migration contains SQL that drizzle-kit would not write. A regenerated file would lose such SQL. */
import type { Snapshot } from '../schema/snapshot.ts';
import { mayAskQuestion, generateStatements } from './statements-between.ts';

export const BREAKPOINT = '--> statement-breakpoint\n';

/** The text of a new file of `drizzle-kit generate --custom`. */
const EMPTY_CUSTOM = '-- Custom SQL migration file, put your code below! --';

/** Whether the SQL equals that of drizzle-kit. False if drizzle-kit would ask a question first. */
export async function isGeneratedByKit(sql: string, before: Snapshot, after: Snapshot): Promise<boolean> {
  if (isSameSql(sql, '') || isSameSql(sql, EMPTY_CUSTOM)) return true;
  if (mayAskQuestion(before, after)) return false;
  return isSameSql(sql, (await generateStatements(before, after)).join(BREAKPOINT));
}

/** Whether the SQL is equal except for line endings and the separators of statements. */
export function isSameSql(one: string, other: string): boolean {
  return normalizeSql(one) === normalizeSql(other);
}

function normalizeSql(sql: string): string {
  const separator = new RegExp(`\\s*${BREAKPOINT.trim()}\\s*`, 'g');
  return sql.replaceAll('\r\n', '\n').replaceAll(separator, '\n').trim();
}
