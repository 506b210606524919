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
  const variant = VARIANTS.find(({ revert }) => recorded.has(sha256(revert(text))));
  const want = 'the file as it ran';
  if (variant === undefined) return { have: `${name}.sql differs from the file that ran on this database`, want };
  const { difference, fix = `Restore the file with git checkout: an editor changed ${difference}.` } = variant;
  return { have: `${name}.sql differs from the file that ran, in ${difference}`, want, fix };
}

interface Variant {
  /** Returns the text before the change. */
  readonly revert: (text: string) => string;
  readonly difference: string;
  readonly fix?: string;
}

/** Changes that editors and git make to a file on their own, such as line endings. */
const VARIANTS: readonly Variant[] = [
  {
    revert: (text) => text.replaceAll(/\r?\n/g, '\r\n'),
    difference: 'its line ends (CRLF ran)',
    fix: 'Check the file out with CRLF: add `*.sql text eol=crlf` to .gitattributes, then delete the file and restore it with git checkout.',
  },
  {
    revert: (text) => text.replaceAll('\r\n', '\n'),
    difference: 'its line ends (LF ran)',
    fix: 'Check the file out with LF: add `*.sql text eol=lf` to .gitattributes, then delete the file and restore it with git checkout.',
  },
  { revert: (text) => `\uFEFF${text}`, difference: 'its byte order mark' },
  { revert: (text) => text.replace(/^\uFEFF/, ''), difference: 'its byte order mark' },
  { revert: (text) => `${text.trimEnd()}\n`, difference: 'the end of its last line' },
  { revert: (text) => text.trimEnd(), difference: 'the end of its last line' },
];

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
