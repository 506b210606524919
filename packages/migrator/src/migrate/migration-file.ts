/** Reads one migration file: its statements, each with its first line, and whether it runs in a transaction. */
import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { requireMerged } from './merge-conflict.ts';
import { MigrationError } from './migration-error.ts';

export interface MigrationFile {
  /** SHA-256 of the file's text, in hexadecimal, as drizzle-orm computes it. */
  readonly hash: string;
  readonly statements: readonly Statement[];
  /** False if the first line is `-- migrate: no transaction`. */
  readonly isTransactional: boolean;
}

export interface Statement {
  readonly text: string;
  /** The line of the file on which `text` begins. The first line is 1. */
  readonly line: number;
  /** The lines of comment above the statement. */
  readonly comments: string;
}

/** Reads `name.sql`. @throws {MigrationError} `FOLDER_INVALID` if the file is not valid text, or has an invalid marker. */
export async function readMigrationFile(directory: string, name: string): Promise<MigrationFile> {
  const text = await readText(directory, name);
  const isTransactional = readIsTransactional(name, text);
  return {
    hash: createHash('sha256').update(text).digest('hex'),
    statements: toStatements(text),
    isTransactional,
  };
}

/** Reads the text. Refuses invalid UTF-8, whose characters would be replaced, and the character U+0000, which would truncate the text. */
async function readText(directory: string, name: string): Promise<string> {
  const bytes = await readFile(join(directory, `${name}.sql`)).catch((cause: Error) => {
    const remedy = 'It must be a file that this user may read.';
    throw new MigrationError('FOLDER_INVALID', `${name}.sql cannot be read: ${cause.message}. ${remedy}`, { cause });
  });
  // In Latin-1, each character is one byte: the lines keep their bytes.
  const lines = bytes.toString('latin1').split('\n');
  const invalidLine = lines.findIndex((line) => line.includes('\0') || !isUtf8(Buffer.from(line, 'latin1'))) + 1;
  if (invalidLine > 0) {
    const message = `${name}.sql:${invalidLine} is not UTF-8, or contains the character U+0000.`;
    throw new MigrationError('FOLDER_INVALID', `${message} Save the file as UTF-8 without this character.`);
  }
  const text = bytes.toString('utf8');
  requireMerged(`${name}.sql`, text);
  return text;
}

const BREAKPOINT = '--> statement-breakpoint';

/** Splits the text at the breakpoints that drizzle-kit writes. A part without a statement is left out. */
function toStatements(text: string): Statement[] {
  const statements: Statement[] = [];
  let line = 1;
  for (const part of text.split(BREAKPOINT)) {
    // The line of a statement is the first line after the comments above it.
    const [comments] = /^(?:\s|--.*(?:\n|$))*/.exec(part) ?? [''];
    const statement = part.slice(comments.length).trimEnd();
    if (statement !== '') statements.push({ text: statement, line: line + countNewlines(comments), comments });
    line += countNewlines(part);
  }
  return statements;
}

const MARKER = '-- migrate: no transaction';

/** Whether the file runs in a transaction. Refuses a misspelt or misplaced marker: the file would run in the wrong mode. */
function readIsTransactional(name: string, text: string): boolean {
  const lines = text.split('\n').map((line) => line.trim());
  const index = lines.findIndex((line) => /^--\s*migrate:/i.test(line));
  if (index === -1) return true;
  if (index === 0 && lines[0] === MARKER) return false;
  throw new MigrationError(
    'FOLDER_INVALID',
    `${name}.sql:${index + 1}: the marker \`${lines[index]}\` is misspelt, or is not the first line of the file. To run the file` +
      ` outside a transaction, make \`${MARKER}\` its first line. Else remove the marker.`,
  );
}

function countNewlines(text: string): number {
  return text.split('\n').length - 1;
}
