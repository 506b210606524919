/** The programs that send one query over HTTP. */
import type { Round } from '../rounds.ts';

/** Prisma takes part if its client could be generated. */
export const ENTRIES = ['ours', 'drizzle', 'kysely'];

export function entryOf(name: string): URL {
  return new URL(`${name}.js`, import.meta.url);
}

export function ratioToDrizzle({ ours = NaN, drizzle = NaN }: Round): number {
  return ours / drizzle;
}
