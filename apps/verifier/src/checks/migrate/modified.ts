import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { type Check, type Finding, verdict } from '../../check.ts';
import { type AppliedMigrations, appliedMigrations } from './applied-migrations.ts';

export const modified: Check = {
  id: 'migrate/modified',
  title: 'No applied migration was edited',
  method: 'Compares the SHA-256 of each file with the hash that the database recorded when the file ran.',
  why: 'A database migrated before the edit differs from one migrated after it, and no migration removes the difference.',
  remedy: 'Restore the file with git checkout, then write the change as a new migration: pnpm db:generate',
  mode: 'reads',
  run: async (context) => {
    const applied = await appliedMigrations(context);
    const edited = applied.states.filter(({ state }) => state === 'edited');
    return verdict(await Promise.all(edited.map(({ name }) => toFinding(name, applied, context.database.migrations))));
  },
};

async function toFinding(
  name: string,
  { migrations, table: { rows } }: AppliedMigrations,
  folder: string,
): Promise<Finding> {
  const createdAt = migrations.find((migration) => migration.name === name)?.createdAt;
  const recorded = new Set(rows.filter((row) => row.createdAt === createdAt).map(({ hash }) => hash));
  const text = await readFile(join(folder, `${name}.sql`), 'utf8');
  const [, difference] = VARIANTS.find(([change]) => recorded.has(sha256(change(text)))) ?? [];
  return {
    have:
      difference === undefined
        ? `${name}.sql differs from the file that ran on this database`
        : `${name}.sql differs from the file that ran, in ${difference}`,
    want: 'the file as it ran',
    ...(difference !== undefined && {
      fix: 'Stop git from changing line ends: echo "*.sql text eol=lf" >> .gitattributes',
    }),
  };
}

/** Changes that editors and git make to a file on their own, such as line endings. */
const VARIANTS: readonly (readonly [change: (text: string) => string, difference: string])[] = [
  [(text) => text.replaceAll(/\r?\n/g, '\r\n'), 'its line ends (CRLF ran)'],
  [(text) => text.replaceAll('\r\n', '\n'), 'its line ends (LF ran)'],
  [(text) => `\uFEFF${text}`, 'its byte order mark'],
  [(text) => text.replace(/^\uFEFF/, ''), 'its byte order mark'],
  [(text) => `${text.trimEnd()}\n`, 'the end of its last line'],
  [(text) => text.trimEnd(), 'the end of its last line'],
];

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
