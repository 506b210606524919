/** Where the code says what a finding wants: the line in `packages/db/src/schema`, and that in the migration which made it. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import type { Place, Subject } from './check.ts';
import type { Result } from './result.ts';

/** The checkout that this program lies in; at the same distance from `src` and from `dist`. */
const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

const SCHEMA = 'packages/db/src/schema';
const MIGRATIONS = 'packages/db/migrations';

/** Gives each finding about a part of the schema its places, the schema's first; none where the sources are not there. */
export async function withPlaces(results: readonly Result[]): Promise<Result[]> {
  if (results.every(({ findings = [] }) => findings.every(({ about }) => about === undefined))) return [...results];
  const [schema, migrations] = await Promise.all([readSources(SCHEMA, '.ts'), readSources(MIGRATIONS, '.sql')]);
  const locate = (subject: Subject): Place[] =>
    [inSchema(schema, subject), inMigrations(migrations, subject)].filter((place) => place !== undefined);
  return results.map((result) => {
    if (result.findings === undefined) return result;
    const findings = result.findings.map((finding) => {
      const places = finding.about === undefined ? [] : locate(finding.about);
      return places.length === 0 ? finding : { ...finding, places };
    });
    return { ...result, findings };
  });
}

export function inMigration(name: string, line: number): Place {
  return { file: `${MIGRATIONS}/${name}.sql`, line };
}

interface Source {
  readonly file: string;
  readonly lines: readonly string[];
}

async function readSources(folder: string, ending: string): Promise<Source[]> {
  const names = await readdir(join(ROOT, folder)).catch(() => []);
  const files = names.filter((name) => name.endsWith(ending)).toSorted();
  return await Promise.all(
    files.map(async (name) => {
      const text = await readFile(join(ROOT, folder, name), 'utf8');
      return { file: `${folder}/${name}`, lines: text.split('\n') };
    }),
  );
}

/** A table's file is the one that gives it its name. What has no name of its own there stands where the table does. */
function inSchema(sources: readonly Source[], { table, name }: Subject): Place | undefined {
  for (const { file, lines } of sources) {
    const start = lines.findIndex(
      (line, index) => line.includes(`'${table}'`) && /pgTable\(/.test(around(lines, index)),
    );
    if (start === -1) continue;
    const at = name === undefined ? -1 : lines.findIndex((line) => wordsFor(table, name).some((w) => line.includes(w)));
    return { file, line: (at === -1 ? start : at) + 1 };
  }
  return undefined;
}

/** The name may stand on the line below `pgTable(`. */
function around(lines: readonly string[], index: number): string {
  return lines.slice(Math.max(0, index - 1), index + 1).join('\n');
}

/** Drizzle names a key and a sequence after the column. */
function wordsFor(table: string, name: string): string[] {
  if (name === `${table}_pkey`) return ['.primaryKey()'];
  const ofColumn = name.startsWith(`${table}_`) && name.endsWith('_seq') ? name.slice(table.length + 1, -4) : name;
  return [`'${ofColumn}'`];
}

/** The newest statement that names both. */
function inMigrations(sources: readonly Source[], { table, name = table }: Subject): Place | undefined {
  const [word = ''] = wordsFor(table, name).map((text) =>
    text === '.primaryKey()' ? 'PRIMARY KEY' : text.replaceAll("'", '"'),
  );
  for (const { file, lines } of sources.toReversed()) {
    let isOfTable = false;
    let found: number | undefined;
    for (const [index, line] of lines.entries()) {
      if (line.includes(`"${table}"`)) isOfTable = true;
      if (isOfTable && line.includes(word)) found ??= index + 1;
      if (line.includes('--> statement-breakpoint') || line.endsWith(';')) isOfTable = false;
    }
    if (found !== undefined) return { file, line: found };
  }
  return undefined;
}
