/** Comments on statements, in the format of sqlcommenter. */
export { type CommentTags, sqlComment, type StatementComment } from '@todo/client/sql-comment';
