/** The files of JSON that drizzle-kit writes beside the migrations. */
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';

import { requireMerged } from './merge-conflict.ts';

/** @throws {MigrationError} when a merge stopped in the middle of it, and errors of JSON, which name the file. */
export async function readJson(path: string): Promise<unknown> {
  const text = await readFile(path, 'utf8');
  requireMerged(path, text);
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Error(`${basename(path)} is no JSON: ${cause instanceof Error ? cause.message : String(cause)}`, {
      cause,
    });
  }
}
