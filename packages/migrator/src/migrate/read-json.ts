/** Reads the JSON files that drizzle-kit writes beside the migrations. */
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';

import { requireMerged } from './merge-conflict.ts';

/** Reads and parses the file. @throws {MigrationError} if the file has conflict markers. JSON errors name the file. */
export async function readJson(path: string): Promise<unknown> {
  const text = await readFile(path, 'utf8');
  requireMerged(path, text);
  try {
    return JSON.parse(text);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`${basename(path)} is not JSON: ${reason}`, { cause });
  }
}
