/** Adds a client's comment to the statements that it sends. */

/**
 * Returns the statement with a comment at its end: PostgreSQL counts the position of an error from the beginning. `sqlComment` creates such a
 * function.
 *
 * Named prepared statements have no comment: PostgreSQL keeps the text of the first call, and another text needs another name.
 */
export type StatementComment = (statement: string) => string;

export interface CommentOption {
  /** Adds a comment to each statement that is not a named prepared statement. Default: none. */
  readonly comment?: StatementComment;
}

/** The statement with its comment. A JavaScript caller may return another type, which is ignored. */
export function addComment(statement: string, comment: StatementComment | undefined): string {
  const text: unknown = comment?.(statement);
  return typeof text === 'string' ? text : statement;
}
