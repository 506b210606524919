/** What a comparison of catalogs leaves out, and nothing else: each rule with its reason. Pages quote these sentences. */
import type { Fact } from './fact.ts';

export const LEFT_OUT: readonly string[] = [
  'Rows, statistics, and how far a sequence has counted: they are data.',
  'Schemas that the migrations do not make, and what lies in them: they belong to somebody else. A foreign key from there to a table of ours is listed.',
  'The schemas of PostgreSQL and of Neon (pg_…, information_schema, neon, neon_auth), and what an extension brought.',
  'Extensions that no migration creates, and the versions of all: which there are is up to the server.',
  'Comments that no migration writes, and comments on anything but tables, views and their columns: they change nothing.',
  'Names, types and order of the columns of a view: its query, which is compared, says them.',
  'What a partition takes over from its table, and the order of its columns: that is compared at the table.',
  'Names of NOT NULL constraints: PostgreSQL before 18 has none. That they are there, and valid, is compared.',
  'Operators, casts, collations, text search objects, foreign servers and languages: by name only.',
  'Rights of superusers and of the roles that a provider gives each database, the right MAINTAIN (PostgreSQL 17), and USAGE of the schema public.',
  'Tablespaces, settings and owners of other databases, and settings of roles.',
];

/** In addition, `db:status` and the rehearsal of migrations leave this out. */
export const LEFT_OUT_OF_STATUS = ['The order of columns: one that is added later stands last.'] as const;

/** In addition, a baseline leaves this out. */
export const LEFT_OUT_OF_BASELINE = [
  ...LEFT_OUT_OF_STATUS,
  'Objects that no migration makes, and all rights in the database as a whole.',
  'Rights beyond those that the migrations grant, owners, and how tables are stored and tuned.',
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
