/** A client's comment on the statements that it sends. */

/**
 * Returns the statement with a comment. `sqlComment` makes one. The comment belongs at the end: PostgreSQL counts the position of an error
 * from the beginning.
 *
 * Named prepared statements are sent without: PostgreSQL keeps the text of the first call, and another text needs another name.
 */
export type StatementComment = (statement: string) => string;

export interface CommentOption {
  /** Adds a comment to each statement that is not a named prepared statement. Default: none. */
  readonly comment?: StatementComment;
}

/** The statement with its comment. A caller without types may return something else than a text, which is ignored. */
export function commented(statement: string, comment: StatementComment | undefined): string {
  const text: unknown = comment?.(statement);
  return typeof text === 'string' ? text : statement;
}
