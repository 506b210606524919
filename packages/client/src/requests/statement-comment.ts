/** A client's comment on the statements that it sends. */

/**
 * Returns the statement with a comment. `sqlComment` makes one.
 *
 * Named prepared statements are sent without: PostgreSQL keeps the text of the first call, and another text needs another name.
 */
export type StatementComment = (statement: string) => string;

export interface CommentOption {
  /** Adds a comment to each statement that is not a named prepared statement. Default: none. */
  readonly comment?: StatementComment;
}
