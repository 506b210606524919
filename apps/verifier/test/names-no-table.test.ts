/**
 * Generic code takes the schema as an argument. If it named a table or column of this application, the check would fail for other schemas.
 */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { expect, test } from 'vitest';

const ROOT = join(import.meta.dirname, '../../..');

/** Folders for code about this application. */
const THEIRS = ['apps/verifier/src/checks/todo/', 'apps/verifier/src/app.ts'];
/** Recorded errors contain the names of the database in which they were recorded. */
const RECORDED = 'apps/verifier/src/failures/';

const IMPORT = /@todo\/db\b/;
const NAMES =
  /\b(hashed_?password|user_?id|is_?completed|todos_?of|idx_user_\w+|todo_user_\w+)\b|\b(from|join|into|update|table|on)\s+(public\.)?"?(todo|user)"?\b|public\.("user"|todo)/i;

test.each(['packages/client/src', 'packages/migrator/src', 'apps/verifier/src'])(
  '%s names no table of this application',
  async (folder) => {
    const names = await readdir(join(ROOT, folder), { recursive: true });
    const files = names.filter((name) => name.endsWith('.ts')).map((name) => `${folder}/${name}`);
    const machinery = files.filter((file) => !THEIRS.some((theirs) => file.startsWith(theirs)));
    expect(machinery.length).toBeGreaterThan(10);
    const found = await Promise.all(machinery.map(findNames));
    expect(found.flat()).toEqual([]);
  },
);

async function findNames(file: string): Promise<string[]> {
  const code = withoutComments(await readFile(join(ROOT, file), 'utf8'));
  const pattern = file.startsWith(RECORDED) ? IMPORT : new RegExp(`${IMPORT.source}|${NAMES.source}`, 'i');
  return code
    .split('\n')
    .flatMap((line, index) => (pattern.test(line) ? [`${file}:${index + 1}: ${line.trim()}`] : []));
}

/** Removes comments, which may use any table as an example. */
function withoutComments(code: string): string {
  return code.replaceAll(/\/\*[^]*?\*\/|(?<=^|\s)\/\/.*/g, (comment) => comment.replaceAll(/[^\n]/g, ' '));
}
