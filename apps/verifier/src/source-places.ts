/** Adds the places in the code to findings: the line in the schema, and the line in the migration that creates the object. */
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';

import type { DatabaseDefinition } from '@todo/migrator';

import type { Place, Subject } from './check.ts';
import type { CodeTable } from './code-tables.ts';
import type { Result } from './result.ts';
import { columnOfSequence, escapeRegExp, findInSchema, lineAt, type Source } from './schema-source.ts';

type Folders = Pick<DatabaseDefinition, 'sources' | 'migrations'>;

/** Adds the places to each finding about a part of the schema: first in the schema, then in a migration. Without sources, adds no place. */
export async function addPlaces(results: readonly Result[], database: Folders): Promise<Result[]> {
  if (results.every(({ findings = [] }) => findings.every(({ about }) => about === undefined))) return [...results];
  const [schema, migrations] = await Promise.all([
    readSources(database.sources, /\.[cm]?[jt]sx?$/),
    readSources(database.migrations, /\.sql$/),
  ]);
  const locate = (subject: Subject): Place[] =>
    [findInSchema(schema, subject), findInMigrations(migrations, subject)].filter((place) => place !== undefined);
  return results.map((result) => {
    if (result.findings === undefined) return result;
    const findings = result.findings.map((finding) => {
      const places = finding.about === undefined ? [] : locate(finding.about);
      return places.length === 0 ? finding : { ...finding, places };
    });
    return { ...result, findings };
  });
}

/** The place of a line in the migration with this name. */
export function migrationPlace({ migrations }: Pick<Folders, 'migrations'>, name: string, line: number): Place {
  return { file: pathInCheckout(join(migrations, `${name}.sql`)), line };
}

/** Returns a function that finds the newest statement of the migrations that creates a function or procedure. */
export async function loadRoutinePlaces({
  migrations,
}: Pick<Folders, 'migrations'>): Promise<(routine: Pick<CodeTable, 'schema' | 'name'>) => Place[]> {
  const newestFirst = (await readSources(migrations, /\.sql$/)).toReversed();
  return ({ schema, name }) => {
    const schemaPrefix = String.raw`(?:"?${escapeRegExp(schema)}"?\s*\.\s*)?`;
    const create = String.raw`\bcreate\s+(?:or\s+replace\s+)?(?:function|procedure)\s+${schemaPrefix}"?${escapeRegExp(name)}"?\s*\(`;
    const found = newestFirst.map(({ file, text }) => ({ file, text, index: text.search(new RegExp(create, 'i')) }));
    return found
      .filter(({ index }) => index !== -1)
      .slice(0, 1)
      .map(({ file, text, index }) => ({ file, line: lineAt(text, index) }));
  };
}

/** The path from the root of the file's checkout, with slashes. The absolute path if there is no checkout. */
function pathInCheckout(path: string): string {
  let root = dirname(path);
  while (!ROOT_FILES.some((name) => existsSync(join(root, name)))) {
    if (dirname(root) === root) return path;
    root = dirname(root);
  }
  return relative(root, path).split(sep).join('/');
}

const ROOT_FILES = ['pnpm-workspace.yaml', '.git'];

async function readSources(folder: string, ending: RegExp): Promise<Source[]> {
  const names = await readdir(folder, { recursive: true }).catch(() => []);
  const files = names.filter((name) => ending.test(name)).toSorted();
  return await Promise.all(
    files.map(async (name) => {
      const path = join(folder, name);
      return { file: pathInCheckout(path), text: await readFile(path, 'utf8') };
    }),
  );
}

/** The place of the newest statement that names the table and, in the same or a later line, the part. */
function findInMigrations(
  sources: readonly Source[],
  { schema = 'public', table, name = table }: Subject,
): Place | undefined {
  const partName = name === `${table}_pkey` ? 'PRIMARY KEY' : `"${columnOfSequence(table, name)}"`;
  const tableName = schema === 'public' ? `"${table}"` : `"${schema}"."${table}"`;
  for (const { file, text } of sources.toReversed()) {
    let hasNamedTable = false;
    let found: number | undefined;
    for (const [index, line] of text.split('\n').entries()) {
      if (line.includes(tableName)) hasNamedTable = true;
      if (hasNamedTable && line.includes(partName)) found ??= index + 1;
      const isEndOfStatement = line.includes('--> statement-breakpoint') || line.endsWith(';');
      if (isEndOfStatement) hasNamedTable = false;
    }
    if (found !== undefined) return { file, line: found };
  }
  return undefined;
}
