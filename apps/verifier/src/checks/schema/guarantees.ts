/** The table of the schema's guarantees: one row per way in which a live schema can differ from the code's. */
import type { Page, Severity } from '../../check.ts';
import type { SchemaId } from './classify.ts';

export type Guarantee = Omit<Page, 'method'> & { readonly severity: Severity };

/** The keys are in the order of the report. */
export const GUARANTEES: Record<SchemaId, Guarantee> = {
  'schema/table-missing': {
    severity: 'error',
    title: 'Every table that the code uses exists',
    why: 'Each query on it fails with 42P01.',
    remedy: 'pnpm db:migrate   # or, where it was only renamed: ALTER TABLE … RENAME TO …;',
  },
  'schema/table-extra': {
    severity: 'warning',
    title: 'There is no table that the code does not know',
    why: 'Nobody maintains it, and the next `push` offers to drop it with its rows.',
    remedy: 'Add it to the schema and pnpm db:generate, or drop it.',
  },
  'schema/relation-kind': {
    severity: 'error',
    title: 'Tables are ordinary and permanent',
    why: 'An unlogged table is emptied by a crash; a view or a partition behaves in other ways than the code expects.',
    remedy: 'ALTER TABLE … SET LOGGED;',
  },
  'schema/table-options': {
    severity: 'warning',
    title: 'Tables are stored as PostgreSQL does by itself',
    why: 'Somebody tuned this by hand: a new database will not have it.',
    remedy: 'ALTER TABLE … RESET (…);',
  },
  'schema/column-missing': {
    severity: 'error',
    title: 'Every column that the code uses exists',
    why: 'Queries on it fail with 42703.',
    remedy: 'ALTER TABLE … ADD COLUMN …; or rename it back.',
  },
  'schema/column-extra': {
    severity: 'warning',
    title: 'There is no column that the code does not know',
    why: 'Nothing ever writes it, and the next `push` offers to drop it.',
    remedy: 'Add it to the schema and pnpm db:generate, or drop it.',
  },
  'schema/column-type': {
    severity: 'error',
    title: 'Columns have the type, the length and the collation that the code says',
    why: 'Values that the validators let through are refused, cut or sorted in another way.',
    remedy: 'ALTER TABLE … ALTER COLUMN … TYPE …;',
  },
  'schema/column-nullability': {
    severity: 'error',
    title: 'NOT NULL stands where the code says, and only there',
    why: 'The code meets a null that its types exclude, or an insert without a value fails with 23502.',
    remedy: 'ALTER TABLE … ALTER COLUMN … SET NOT NULL; after the rows with null are gone.',
  },
  'schema/column-default': {
    severity: 'error',
    title: 'Defaults are those of the code',
    why: 'A row that leaves the column out gets another value, or fails with 23502.',
    remedy: 'ALTER TABLE … ALTER COLUMN … SET DEFAULT …;',
  },
  'schema/column-order': {
    severity: 'info',
    title: 'Columns stand in the order of the code',
    why: 'Harmless, but for an INSERT without a list of columns and for COPY.',
    remedy: 'Leave it, and name the columns in each INSERT.',
  },
  'schema/primary-key': {
    severity: 'error',
    title: 'The primary keys are those of the code',
    why: 'Two rows can have one id, or none.',
    remedy: 'ALTER TABLE … ADD PRIMARY KEY (id);',
  },
  'schema/index-missing': {
    severity: 'error',
    title: 'Every index of the code exists',
    why: 'Reads, and the cascade, scan the whole table; a missing unique index lets duplicates in.',
    remedy: 'CREATE INDEX CONCURRENTLY …;',
  },
  'schema/index-extra': {
    severity: 'warning',
    title: 'There is no index that the code does not know',
    why: 'Each write maintains it, and nobody knows whether it is needed.',
    remedy: 'DROP INDEX CONCURRENTLY …; once pg_stat_user_indexes shows no scan of it.',
  },
  'schema/index-definition': {
    severity: 'error',
    title: 'Indexes cover what the code says',
    why: 'Queries pass it by, or its uniqueness promises something else.',
    remedy: 'DROP INDEX CONCURRENTLY …; CREATE INDEX CONCURRENTLY …;',
  },
  'schema/index-invalid': {
    severity: 'error',
    title: 'Every index is complete and in use',
    why: 'A build that failed left it behind: no query reads it, and its uniqueness has holes.',
    remedy: 'REINDEX INDEX CONCURRENTLY …;',
  },
  'schema/fk-missing': {
    severity: 'error',
    title: 'Every foreign key of the code exists',
    why: 'Rows can point to an owner who is gone.',
    remedy: 'ALTER TABLE … ADD CONSTRAINT … NOT VALID; then VALIDATE CONSTRAINT.',
  },
  'schema/fk-definition': {
    severity: 'error',
    title: 'Foreign keys point where the code says and act as it says',
    why: 'Deleting an owner fails, or leaves orphans, instead of what the code counts on.',
    remedy: 'ALTER TABLE … DROP CONSTRAINT …; and add it as the migration does.',
  },
  'schema/fk-trigger-disabled': {
    severity: 'error',
    title: 'Foreign keys are enforced, not just listed',
    why: 'Their triggers are off: rows can point to an owner who is gone, and nothing cascades.',
    remedy: 'ALTER TABLE … ENABLE TRIGGER ALL; on both tables, then pnpm verify --only data/orphans',
  },
  'schema/constraint-missing': {
    severity: 'error',
    title: 'Check, unique and exclusion constraints stand as in the code',
    why: 'Rows get in that the code excludes.',
    remedy: 'ALTER TABLE … ADD CONSTRAINT …;',
  },
  'schema/constraint-not-valid': {
    severity: 'error',
    title: 'Every constraint is validated and enforced',
    why: 'Rows from before it may break it; the planner does not believe it.',
    remedy: 'ALTER TABLE … VALIDATE CONSTRAINT …;',
  },
  'schema/constraint-extra': {
    severity: 'error',
    title: 'There is no constraint that the code does not know',
    why: 'Writes fail for a reason that the code cannot name.',
    remedy: 'Add it to the schema and pnpm db:generate, or drop it.',
  },
  'schema/name': {
    severity: 'warning',
    title: 'Indexes and constraints bear the names of the code',
    why: 'Errors are understood by these names, and migrations use them.',
    remedy: 'ALTER … RENAME … TO …;',
  },
  'schema/sequence': {
    severity: 'error',
    title: 'Ids come from sequences that belong to their columns',
    why: 'Ids run out, repeat, or stay behind when the table goes.',
    remedy: 'ALTER SEQUENCE …;',
  },
  'schema/enum': {
    severity: 'error',
    title: 'Enum types have the labels of the code, and domains and other types its definition',
    why: 'A value that the code writes is refused, or one that it does not know is read.',
    remedy: 'ALTER TYPE … ADD VALUE …; or ALTER TYPE … RENAME VALUE …; as the migration does.',
  },
  'schema/view': {
    severity: 'error',
    title: 'Views read what the code says',
    why: 'Queries on the view give other rows than the code believes, or fail.',
    remedy: 'CREATE OR REPLACE VIEW … AS …; as the migration does.',
  },
  'schema/function': {
    severity: 'error',
    title: 'Functions do what the migrations say, and the extensions that they use are there',
    why: 'What calls them, a trigger or a policy say, does something else, or nothing.',
    remedy: 'CREATE OR REPLACE FUNCTION …; as the migration does.',
  },
  'schema/trigger-rule': {
    severity: 'error',
    title: 'Triggers and rules are those of the migrations',
    why: 'Code that nobody sees in the application runs at each write, and may change or swallow it.',
    remedy: 'DROP TRIGGER … ON …; or write it into a migration.',
  },
  'schema/rls': {
    severity: 'error',
    title: 'Row security and policies are as in the code',
    why: 'Some rows are not there for some roles: queries give fewer, updates touch none, and nothing says so.',
    remedy: 'ALTER TABLE … ENABLE (or DISABLE) ROW LEVEL SECURITY; as the code has it, or write it into a migration.',
  },
  'schema/privileges': {
    severity: 'error',
    title: 'The tables belong to who migrates them, and nobody else can get at them',
    why: 'Addresses and password hashes are open to others, or the application is refused with 42501.',
    remedy: 'REVOKE … ON … FROM …; GRANT … TO …;',
  },
  'schema/extra-object': {
    severity: 'warning',
    title: 'There is no view, function, type or other object that the code does not know',
    why: 'Nobody maintains it; it keeps columns from being changed, or runs where nobody looks.',
    remedy: 'Drop it, or write it into a migration.',
  },
};
