/** A merge that stopped in the middle of a file of the migrations folder. */
import { basename } from 'node:path';

import { MigrationError } from './migration-error.ts';

/** @throws {MigrationError} `FOLDER_INVALID` when the text has conflict markers. */
export function requireMerged(path: string, text: string): void {
  const at = text.split('\n').findIndex((line) => CONFLICT_MARKER.test(line));
  if (at === -1) return;
  throw new MigrationError(
    'FOLDER_INVALID',
    `${basename(path)} has the conflict markers of a merge (line ${at + 1}): both branches have a migration of their own.` +
      ' `pnpm db:rebase` writes yours anew behind those of the other branch.',
  );
}

/** The line before what one side has, or behind what the other has. */
const CONFLICT_MARKER = /^(<{7}|>{7}) /;
