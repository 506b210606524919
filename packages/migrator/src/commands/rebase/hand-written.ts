/** Whether a migration holds SQL that drizzle-kit would not write: nothing else but the file has it. */
import type { Snapshot } from '../schema/snapshot.ts';
import { mayAsk, statementsBetween } from './statements-between.ts';

export const BREAKPOINT = '--> statement-breakpoint\n';

/** What `drizzle-kit generate --custom` writes before there is anything. */
const EMPTY_CUSTOM = '-- Custom SQL migration file, put your code below! --';

/** False where drizzle-kit would ask first. */
export async function isMadeByKit(sql: string, before: Snapshot, after: Snapshot): Promise<boolean> {
  if (isSameSql(sql, '') || isSameSql(sql, EMPTY_CUSTOM)) return true;
  if (mayAsk(before, after)) return false;
  return isSameSql(sql, (await statementsBetween(before, after)).join(BREAKPOINT));
}

/** The kind of line ends does not count, nor what separates the statements. */
export function isSameSql(one: string, other: string): boolean {
  return textOf(one) === textOf(other);
}

function textOf(sql: string): string {
  const separator = new RegExp(`\\s*${BREAKPOINT.trim()}\\s*`, 'g');
  return sql.replaceAll('\r\n', '\n').replaceAll(separator, '\n').trim();
}
