/** Finds problems of the migrations table, for `db:status` and `verify`. */
import { quoted } from '../catalog/quoted.ts';
import type { Migration } from './folder.ts';
import { type MigrationsTable, RESTORE } from './migrations-table.ts';

export interface MigrationsTableProblem {
  /** `recorded-twice` is a problem of rows; the others are problems of the table. */
  readonly kind: 'unreadable' | 'weak' | 'elsewhere' | 'recorded-twice';
  readonly have: string;
  readonly want: string;
  readonly why?: string;
  /** SQL or a sentence. */
  readonly fix: string;
}

/** Returns none if no schema has a migrations table: then every migration is pending. */
export function migrationsTableProblems(
  { schemas, fault, weakness, rows }: MigrationsTable,
  migrations: readonly Pick<Migration, 'name' | 'createdAt'>[],
): MigrationsTableProblem[] {
  const others = schemas.filter((schema) => schema !== 'drizzle');
  const tableProblems: (MigrationsTableProblem | false)[] = [
    fault !== undefined && {
      kind: 'unreadable',
      have: fault,
      want: 'a table with the columns id, hash text and created_at bigint, which this role may read',
      fix: RESTORE,
    },
    weakness !== undefined && {
      kind: 'weak',
      have: `drizzle.__drizzle_migrations may lose or refuse the row of the next migration: ${weakness.reason}`,
      want: 'the table as Drizzle creates it',
      fix: fixOf(weakness),
    },
    others.length > 0 && elsewhere(others, schemas.length > others.length),
  ];
  return [...tableProblems.filter((problem) => problem !== false), ...duplicateRows(rows, migrations)];
}

/** The problem of migrations tables in other schemas. Without the table in `drizzle`, one of them may be the only history. */
function elsewhere(schemas: readonly string[], hasOwnTable: boolean): MigrationsTableProblem {
  const tables = schemas.map((schema) => `${quoted(schema)}.__drizzle_migrations`);
  const dropSql = tables.map((table) => `DROP TABLE ${table};   -- if no tool uses this table`).join('\n');
  const moveSql = `CREATE SCHEMA IF NOT EXISTS drizzle;\nALTER TABLE ${tables[0]} SET SCHEMA drizzle;   -- if it is the history of these migrations; otherwise: pnpm db:migrate`;
  return {
    kind: 'elsewhere',
    have: `${hasOwnTable ? 'also ' : 'no drizzle.__drizzle_migrations, but '}${schemas.map((schema) => `${schema}.__drizzle_migrations`).join(', ')}`,
    want: 'one migrations table, drizzle.__drizzle_migrations',
    why: 'A tool that reads the other table sees another history.',
    fix: hasOwnTable ? dropSql : moveSql,
  };
}

function fixOf({ column, constraint }: NonNullable<MigrationsTable['weakness']>): string {
  if (column !== undefined) return `Drop the column \`${column}\`, or give it a default.`;
  return constraint === undefined ? REPAIR_SQL : `Drop the constraint \`${constraint}\`.`;
}

const REPAIR_SQL = `ALTER TABLE drizzle.__drizzle_migrations SET LOGGED;
ALTER TABLE drizzle.__drizzle_migrations ALTER COLUMN id SET DEFAULT nextval('drizzle.__drizzle_migrations_id_seq');
SELECT setval('drizzle.__drizzle_migrations_id_seq', (SELECT max(id) FROM drizzle.__drizzle_migrations));`;

function duplicateRows(
  rows: MigrationsTable['rows'],
  migrations: readonly Pick<Migration, 'name' | 'createdAt'>[],
): MigrationsTableProblem[] {
  return migrations.flatMap(({ name, createdAt }): MigrationsTableProblem[] => {
    const count = rows.filter((row) => row.createdAt === createdAt).length;
    if (count < 2) return [];
    return [
      {
        kind: 'recorded-twice',
        have: `${name} has ${count} rows`,
        want: 'one row',
        why: 'The migration ran twice, or two tools recorded it: its data changes may have been applied twice.',
        fix: 'First compare the schema: pnpm verify --only schema. Then delete all of these rows but the one with the smallest id.',
      },
    ];
  });
}
