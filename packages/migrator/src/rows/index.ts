/** Creates rows for any table: reads the definitions of tables from a database, and creates rows that PostgreSQL accepts. */
export type { MakeOptions, RowMakerOptions, RowValues, StoredRow } from './row-maker-state.ts';
export * from './constraint-violations.ts';
export { RowError } from './row-error.ts';
export { readTables, type ReadTablesOptions } from './read-tables.ts';
export { type RowMaker, rowMaker } from './row-maker.ts';
export type { ColumnShape, ForeignKeyShape, TableShape, UniqueKeyShape } from './table-shape.ts';
