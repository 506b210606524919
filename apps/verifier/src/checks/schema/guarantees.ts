/** The guarantees of the schema: one entry for each way in which the live schema can differ from the code. */
import type { Check } from '../../check.ts';

export type Guarantee = Pick<Check, 'severity' | 'title' | 'why' | 'remedy'>;

export type SchemaId = keyof typeof GUARANTEES;

/** The keys are the ids of the checks, in the order of the report. */
export const GUARANTEES = {
  'schema/table-missing': {
    title: 'Every table that the code uses exists',
    why: 'Each query on this table fails (SQLSTATE 42P01, undefined_table).',
    remedy: 'pnpm db:migrate   # or, if the table was only renamed: ALTER TABLE … RENAME TO …;',
  },
  'schema/table-extra': {
    severity: 'warning',
    title: 'Every table of the database is in the code',
    why: 'No code uses the table, and the next `push` offers to drop it with its rows.',
    remedy:
      'Drop the table. Or add the table to the schema in the code, run pnpm db:generate, and before pnpm db:migrate, which creates the table, move the live one away (ALTER TABLE … SET SCHEMA …); then copy the rows.',
  },
  'schema/relation-kind': {
    title: 'Tables are ordinary and permanent',
    why: 'An unlogged table is emptied by a crash; a view or a partition behaves in other ways than the code expects.',
    remedy: 'ALTER TABLE … SET LOGGED;',
  },
  'schema/table-options': {
    severity: 'warning',
    title: 'Tables have PostgreSQL’s default storage options',
    why: 'The option was set by hand: a new database will not have it.',
    remedy: 'ALTER TABLE … RESET (…);',
  },
  'schema/column-missing': {
    title: 'Every column that the code uses exists',
    why: 'Queries on this column fail (SQLSTATE 42703, undefined_column).',
    remedy: 'ALTER TABLE … ADD COLUMN …; or, if the column was renamed: ALTER TABLE … RENAME COLUMN … TO …;',
  },
  'schema/column-extra': {
    severity: 'warning',
    title: 'Every column of the database is in the code',
    why: 'The code never writes the column, and the next `push` offers to drop it.',
    remedy:
      'Drop the column. Or add the column to the schema in the code, run pnpm db:generate, and write ADD COLUMN IF NOT EXISTS in the new migration: otherwise pnpm db:migrate fails on this database (SQLSTATE 42701, duplicate_column).',
  },
  'schema/column-type': {
    title: 'Columns have the same type, length and collation as in the code',
    why: 'Values that the validators accept are refused, cut or sorted in another way.',
    remedy: 'ALTER TABLE … ALTER COLUMN … TYPE …;',
  },
  'schema/column-nullability': {
    title: 'Exactly the columns that are NOT NULL in the code are NOT NULL',
    why: 'The code reads a null that its types exclude, or an insert without a value fails (SQLSTATE 23502, not_null_violation).',
    remedy: 'Fill each null, then ALTER TABLE … ALTER COLUMN … SET NOT NULL; or, as in the code: DROP NOT NULL;',
  },
  'schema/column-default': {
    title: 'Columns have the same defaults as in the code',
    why: 'A row that leaves the column out gets another value, or fails (SQLSTATE 23502, not_null_violation).',
    remedy: 'ALTER TABLE … ALTER COLUMN … SET DEFAULT …;',
  },
  'schema/column-order': {
    severity: 'info',
    title: 'Columns have the same order as in the code',
    why: 'Only an INSERT without a list of columns, and COPY, depend on the order.',
    remedy: 'Leave the order, and name the columns in each INSERT.',
  },
  'schema/primary-key': {
    title: 'Tables have the same primary keys as in the code',
    why: 'Two rows can have the same id, or a row can have none.',
    remedy: 'ALTER TABLE … ADD PRIMARY KEY (id);',
  },
  'schema/index-missing': {
    title: 'Every index defined in the code exists',
    why: 'Queries and cascading deletes read the whole table; without a unique index, duplicates are accepted.',
    remedy: 'CREATE INDEX CONCURRENTLY …;',
  },
  'schema/index-extra': {
    severity: 'warning',
    title: 'Every index of the database is in the code',
    why: 'Each write maintains the index, and the code does not show whether it is needed.',
    remedy: 'Add the index to the code. Or, if pg_stat_user_indexes shows no scan of it: DROP INDEX CONCURRENTLY …;',
  },
  'schema/index-definition': {
    title: 'Indexes have the same definition as in the code',
    why: 'Queries may be slower without the index of the code. A unique index may refuse rows that the code allows, or accept duplicates.',
    remedy: 'DROP INDEX CONCURRENTLY …; CREATE INDEX CONCURRENTLY …;',
  },
  'schema/index-invalid': {
    title: 'Every index is complete and usable',
    why: 'The build of the index failed: no query uses it. If it is unique, the table may contain duplicates.',
    remedy: 'REINDEX INDEX CONCURRENTLY …; Of a unique index, delete duplicates first: otherwise REINDEX fails.',
  },
  'schema/fk-missing': {
    title: 'Every foreign key defined in the code exists',
    why: 'Rows can refer to a parent row that does not exist.',
    remedy: 'ALTER TABLE … ADD CONSTRAINT … NOT VALID; then ALTER TABLE … VALIDATE CONSTRAINT …;',
  },
  'schema/fk-definition': {
    title: 'Foreign keys have the same referenced table and actions as in the code',
    why: 'Deleting a parent row fails, deletes its child rows or keeps them, unlike in the code.',
    remedy: 'ALTER TABLE … DROP CONSTRAINT …; then add the constraint as in the migration.',
  },
  'schema/fk-trigger-disabled': {
    title: 'Foreign keys are enforced',
    why: 'The triggers of a foreign key are disabled: rows can refer to a missing parent, and no delete cascades.',
    remedy: 'ALTER TABLE … ENABLE TRIGGER ALL; on both tables, then pnpm verify --only data/orphans',
  },
  'schema/constraint-missing': {
    title: 'Every CHECK, unique and exclusion constraint defined in the code exists',
    why: 'The database accepts rows that the code excludes.',
    remedy: 'ALTER TABLE … ADD CONSTRAINT …;',
  },
  'schema/constraint-not-valid': {
    title: 'Every constraint is validated and enforced',
    why: 'Rows may violate the constraint, and the planner does not use the constraint.',
    remedy: 'ALTER TABLE … VALIDATE CONSTRAINT …;',
  },
  'schema/constraint-extra': {
    title: 'Every constraint of the database is in the code',
    why: 'Writes fail for a reason that the code cannot name.',
    remedy:
      'Drop the constraint. To keep the constraint in the code too, add it to the schema, run pnpm db:generate, and drop the live one before pnpm db:migrate, which creates it again.',
  },
  'schema/name': {
    severity: 'warning',
    title: 'Indexes and constraints have the same names as in the code',
    why: 'The code maps errors by these names, and migrations use them.',
    remedy: 'ALTER … RENAME … TO …;',
  },
  'schema/sequence': {
    title: 'Ids come from sequences that belong to their columns',
    why: 'Ids run out or repeat, or the sequence remains when its table is dropped.',
    remedy: 'ALTER SEQUENCE …;',
  },
  'schema/enum': {
    title: 'Enum types have the same labels as in the code, and other types the same definition',
    why: 'PostgreSQL refuses a value that the code writes, or the code reads an unknown value.',
    remedy: 'ALTER TYPE … ADD VALUE …; or ALTER TYPE … RENAME VALUE …; as in the migration.',
  },
  'schema/view': {
    title: 'Views have the same query as in the code',
    why: 'Queries on the view return other rows than the code expects, or fail.',
    remedy: 'CREATE OR REPLACE VIEW … AS …; as in the migration.',
  },
  'schema/function': {
    title: 'Functions and extensions have the same definition as in the migrations',
    why: 'Their callers, such as triggers and policies, fail or behave differently.',
    remedy: 'CREATE OR REPLACE FUNCTION …; as in the migration.',
  },
  'schema/trigger-rule': {
    title: 'Triggers and rules have the same definition as in the migrations',
    why: 'Code outside the application runs at each write, and may change or discard the row.',
    remedy: 'DROP TRIGGER … ON …; or add the trigger to a migration.',
  },
  'schema/rls': {
    title: 'Row security and policies are as in the code',
    why: 'Some roles do not see some rows: queries return fewer rows and updates change none, without an error.',
    remedy:
      'As in the code: ALTER TABLE … ENABLE (or DISABLE) ROW LEVEL SECURITY; or add the live state to a migration.',
  },
  'schema/privileges': {
    title: 'The migrating role owns the tables, and other roles have no rights on them',
    why: 'Other roles can read personal data and password hashes, or queries of the application fail (SQLSTATE 42501, insufficient_privilege).',
    remedy: 'REVOKE … ON … FROM …; GRANT … TO …;',
  },
  'schema/extra-object': {
    severity: 'warning',
    title: 'Every view, function, type and other object of the database is in the code',
    why: 'No migration creates the object, which may block changes of columns, or run code at each write.',
    remedy: 'Drop the object, or add the object to a migration.',
  },
} as const satisfies Record<`schema/${string}`, Guarantee>;
