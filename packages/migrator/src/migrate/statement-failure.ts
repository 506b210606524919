/** Formats PostgreSQL's error in a migration's statement, with its line in the file. */
import { z } from 'zod';

import { isSqlState } from '@todo/client/errors';
import { MigrationError } from './migration-error.ts';
import type { Statement } from './migration-file.ts';

/** The part of a migration's run that failed: a statement, or a part without one, such as COMMIT. */
export interface Step {
  /** Such as `statement 1 of 3`. */
  readonly name: string;
  readonly statement?: Statement;
}

/** The fields of PostgreSQL's error, which every driver passes on. An error without a SQLSTATE is not PostgreSQL's. */
const DatabaseError = z.object({
  message: z.string(),
  code: z.string().refine(isSqlState),
  detail: z.string().optional(),
  hint: z.string().optional(),
  /** The position of the error in the statement, in characters from 1. */
  position: z.string().optional(),
});

type DatabaseError = z.infer<typeof DatabaseError>;

/** The SQLSTATE of PostgreSQL's error. Undefined if the connection failed, or if the error is not PostgreSQL's. */
export function sqlStateOf(cause: unknown): string | undefined {
  const { data: error } = DatabaseError.safeParse(cause);
  return error === undefined || isConnectionFailure(error) ? undefined : error.code;
}

/** The error for a failed step. @param remedy the last line of the message: the remedy, and the state of the database. */
export function statementFailure(name: string, step: Step, cause: unknown, remedy: string): MigrationError {
  const { data: error } = DatabaseError.safeParse(cause);
  if (error === undefined || isConnectionFailure(error)) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    return new MigrationError(
      'CONNECTION_LOST',
      `The connection was lost at ${step.name} of ${name}.sql: ${reason}.` +
        ' `pnpm db:status` shows the applied migrations; it is safe to migrate again.',
      { cause },
    );
  }
  const lines = [
    `${name}.sql${lineOf(step, error)}, ${step.name}: ${error.message} (SQLSTATE ${error.code})`,
    error.detail && `  detail: ${error.detail}`,
    error.hint && `  hint: ${error.hint}`,
    step.statement && `  in: ${excerpt(step.statement, error)}`,
    remedy,
  ];
  return new MigrationError('STATEMENT_FAILED', lines.filter(Boolean).join('\n'), { cause });
}

/** Whether the server ended the session (57P: operator intervention), or could not be reached (08: connection exception). */
function isConnectionFailure({ code }: DatabaseError): boolean {
  return /^(08|57P)/.test(code);
}

/** The line of the error in the file, such as `:12`; empty if no statement of the file failed. */
function lineOf({ statement }: Step, error: DatabaseError): string {
  if (statement === undefined) return '';
  return `:${statement.line + textBefore(statement, error).split('\n').length - 1}`;
}

const EXCERPT_MAX = 200;

/** The line of the statement with the error, else its first line. Of a long line, only the part around the error. */
function excerpt(statement: Statement, error: DatabaseError): string {
  const linesBefore = textBefore(statement, error).split('\n');
  const line = statement.text.split('\n')[linesBefore.length - 1] ?? '';
  if (line.length <= EXCERPT_MAX) return line.trim();
  const errorColumn = (linesBefore.at(-1) ?? '').length;
  const start = Math.max(0, errorColumn - EXCERPT_MAX / 2);
  const [head, tail] = [start > 0 ? '… ' : '', start + EXCERPT_MAX < line.length ? ' …' : ''];
  return `${head}${line.slice(start, start + EXCERPT_MAX).trim()}${tail}`;
}

/** The text of the statement before the error; empty if PostgreSQL gave no position. */
function textBefore({ text }: Statement, { position }: DatabaseError): string {
  // PostgreSQL counts characters from 1, not UTF-16 units.
  const end = Number(position ?? 1) - 1;
  return Array.from(text).slice(0, end).join('');
}
