/** Queries for any table. Each query is one round trip, on a database of either transport or in a transaction. */
export { ColumnError } from './column-error.ts';
export { CursorError } from './cursor.ts';
export { canHold } from './lookup-value.ts';
export { changedRow } from './not-found.ts';
export { ownedBy, type OwnedOptions, type OwnedRows } from './owned-by.ts';
export { type Order, PageOptionError, type PageOptions } from './page-options.ts';
export type { Page } from './pages.ts';
export { forReading, type Queryable } from './queryable.ts';
export { RequestTooLargeError } from './request-too-large.ts';
export { type Rows, rowsOf } from './rows-of.ts';
export { type Build, type Run, statement } from './statement.ts';
