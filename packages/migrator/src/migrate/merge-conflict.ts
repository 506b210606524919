/** Finds conflict markers in a file of the migrations folder. */
import { basename } from 'node:path';

import { MigrationError } from './migration-error.ts';

/** @throws {MigrationError} `FOLDER_INVALID` if the text has conflict markers. */
export function requireMerged(path: string, text: string): void {
  const index = text.split('\n').findIndex((line) => CONFLICT_MARKER.test(line));
  if (index === -1) return;
  throw new MigrationError(
    'FOLDER_INVALID',
    `${basename(path)} has the conflict markers of a merge (line ${index + 1}): both branches added a migration.` +
      ' `pnpm db:rebase` regenerates the migrations of this branch after those of the other branch.',
  );
}

/** The first and the last line of a conflict. */
const CONFLICT_MARKER = /^(<{7}|>{7}) /;
