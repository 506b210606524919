/** All rules by which a comparison of catalogs leaves facts out, each with its reason. The documentation quotes these sentences. */
import type { Fact } from './fact.ts';

export const LEFT_OUT: readonly string[] = [
  'Rows, statistics, and the last value of a sequence: they are data.',
  'Schemas that no migration creates, and their objects: other applications own them. Compared are only their foreign keys to tables of the migrations.',
  'The schemas of PostgreSQL and of Neon (pg_…, information_schema, neon, neon_auth), and objects that an extension created.',
  'Extensions that no migration creates, and the versions of all extensions: the server decides these.',
  'Comments that no migration writes, and comments on anything but tables, views and their columns: they have no effect.',
  'Names, types and order of the columns of a view: its query determines them, and the query is compared.',
  'Attributes that a partition inherits from its table, and the order of its columns: they are compared at the table.',
  'Names of NOT NULL constraints: PostgreSQL before 18 has none. Their existence and validity are compared.',
  'Definitions of operators, casts, collations, text search objects, foreign servers and languages: only their names are compared.',
  'Rights of superusers and of the roles that a provider gives each database, the right MAINTAIN (PostgreSQL 17), and USAGE of the schema public.',
  'Tablespaces, settings and owners of other databases, and settings of roles.',
];

/** In addition, `db:status` and the rehearsal of migrations leave this out. */
export const LEFT_OUT_OF_STATUS = ['The order of columns: a column that is added later is the last one.'] as const;

/** In addition, a baseline leaves this out. */
export const LEFT_OUT_OF_BASELINE = [
  ...LEFT_OUT_OF_STATUS,
  'Objects that no migration creates, and all rights on the database itself.',
  'Rights beyond those that the migrations grant, owners, and the storage options of tables.',
] as const;

/** Attributes that repeat others, or that only reconciling uses. */
export const REDUNDANT: Readonly<Record<string, ReadonlySet<string>>> = {
  type: new Set(['definition', 'needs']),
  function: new Set(['needs']),
  table: new Set(['needs']),
  column: new Set(['position']),
  index: new Set(['definition']),
  constraint: new Set(['definition', 'constraintType']),
  policy: new Set(['definition']),
  schema: new Set(['definition']),
  extension: new Set(['definition']),
  object: new Set(['from']),
};

/** Whether an extra fact is left out because of its kind. */
export function isLeftOutIfExtra({ kind }: Fact): boolean {
  return kind === 'extension' || kind === 'comment';
}
