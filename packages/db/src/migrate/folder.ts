/**
 * The folder that drizzle-kit writes: `meta/_journal.json` names the migrations in their order, beside it lies one
 * `name.sql` for each. What a later drizzle-kit changes about that layout is changed in this file alone.
 */
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

import { MigrationError } from './migration-error.ts';

export interface Migration {
  /** Without `.sql`: `0000_create_user_and_todo`. */
  readonly name: string;
  /** When drizzle-kit wrote it, in milliseconds since 1970: what the ledger knows it by. */
  readonly createdAt: number;
  /** Absent when the journal names a file that is not there. */
  readonly file?: MigrationFile;
}

export interface MigrationFile {
  /** SHA-256 of the file's text, in hexadecimal, as drizzle-orm computes it. */
  readonly hash: string;
  readonly statements: readonly Statement[];
  /** False when its first line is `-- migrate: no transaction`. */
  readonly isTransactional: boolean;
}

export interface Statement {
  readonly text: string;
  /** The line of the file on which `text` begins, from 1. */
  readonly line: number;
  /** The lines of comment above it. */
  readonly comments: string;
}

export interface MigrationFolder {
  /** In the journal's order. */
  readonly migrations: readonly Migration[];
  /** Names of files that the journal does not name: nothing would ever run them. */
  readonly strays: readonly string[];
}

/** This package's own migrations; at the same distance from `src` and from `dist`. */
export const MIGRATIONS_FOLDER = fileURLToPath(new URL('../../migrations', import.meta.url));

/**
 * Reads a migrations folder; without an argument, this package's own.
 * @throws {MigrationError} `FOLDER_INVALID` when there is no folder, no journal that can be read, or a marker that is not
 *   understood.
 */
export async function readFolder(directory: string = MIGRATIONS_FOLDER): Promise<MigrationFolder> {
  const { entries } = await readJournal(join(directory, 'meta', '_journal.json'));
  const files = (await readdir(directory)).filter((file) => file.endsWith('.sql'));
  const read = async (name: string) => parseFile(name, await readFile(join(directory, `${name}.sql`), 'utf8'));

  const migrations: Migration[] = [];
  for (const { tag: name, when: createdAt } of entries) {
    const isThere = files.includes(`${name}.sql`);
    migrations.push({ name, createdAt, ...(isThere && { file: await read(name) }) });
  }
  const strays = files
    .map((file) => file.slice(0, -'.sql'.length))
    .filter((name) => !entries.some(({ tag }) => tag === name));
  return { migrations, strays: strays.toSorted() };
}

export function hasFile(migration: Migration): migration is Required<Migration> {
  return migration.file !== undefined;
}

const Journal = z.object({
  entries: z.array(z.object({ tag: z.string(), when: z.int() })),
});

async function readJournal(path: string): Promise<z.infer<typeof Journal>> {
  try {
    return Journal.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch (cause) {
    throw new MigrationError(
      'FOLDER_INVALID',
      `The journal ${path} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}.` +
        ' Restore it from git, or let `pnpm db:generate` write the first migration.',
      { cause },
    );
  }
}

const BREAKPOINT = '--> statement-breakpoint';

function parseFile(name: string, text: string): MigrationFile {
  const isTransactional = readMarker(name, text);
  const statements: Statement[] = [];
  let line = 1;
  for (const part of text.split(BREAKPOINT)) {
    // A statement begins, for whoever looks for an error, behind the comments above it.
    const [preamble] = /^(?:\s|--.*(?:\n|$))*/.exec(part) ?? [''];
    const statement = part.slice(preamble.length).trimEnd();
    if (statement !== '') {
      statements.push({ text: statement, line: line + countNewlines(preamble), comments: preamble });
    }
    line += countNewlines(part);
  }
  return { hash: createHash('sha256').update(text).digest('hex'), statements, isTransactional };
}

const MARKER = '-- migrate: no transaction';

/** A marker that is misspelt or misplaced is refused: to overlook it would be to run the file the other way. */
function readMarker(name: string, text: string): boolean {
  const lines = text.split('\n').map((line) => line.trim());
  const at = lines.findIndex((line) => /^--\s*migrate:/i.test(line));
  if (at === -1) return true;
  if (at === 0 && lines[0] === MARKER) return false;
  throw new MigrationError(
    'FOLDER_INVALID',
    `${name}.sql:${at + 1}: \`${lines[at]}\` is no marker. A file that is to run outside a transaction has` +
      ` \`${MARKER}\` as its first line.`,
  );
}

function countNewlines(text: string): number {
  return text.split('\n').length - 1;
}
