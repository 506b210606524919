/** The files of JSON that drizzle-kit writes beside the migrations. */
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';

/** Two branches each have a migration of their own, and the merge stopped in the middle of this file. */
export class MergeConflictError extends Error {
  override readonly name = 'MergeConflictError';
  readonly code = 'MERGE_CONFLICT';

  constructor(path: string) {
    super(
      `${basename(path)} has the conflict markers of a merge: both branches have a migration of their own. Take the file as the` +
        ' other branch has it, remove the files of your own migration, then write it anew with `pnpm db:generate`',
    );
  }
}

/** @throws {MergeConflictError} and errors of JSON, which name the file. */
export async function readJson(path: string): Promise<unknown> {
  const text = await readFile(path, 'utf8');
  if (/^(<{7}|>{7}) /m.test(text)) throw new MergeConflictError(path);
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Error(`${basename(path)} is no JSON: ${cause instanceof Error ? cause.message : String(cause)}`, {
      cause,
    });
  }
}
