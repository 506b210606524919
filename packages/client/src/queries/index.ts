/** Statements for any table, each one round trip, on a database of either transport or a transaction. */
export { asOne } from '../pool/as-one.ts';
export { changedRow } from './not-found.ts';
export { forReading, isHttp, type Queryable } from './queryable.ts';
export { type Build, statement } from './statement.ts';
