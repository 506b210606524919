/** A database package in a git repository with two branches. Each changes the schema and generates a migration. */
import { execFileSync } from 'node:child_process';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { expect } from 'vitest';

import type { DatabaseDefinition } from '../../src/index.ts';
import { appendMigration } from '../rebase/append-migration.ts';
import { type FixturePackage, fixturePackage } from './fixture-package.ts';

export interface Repository extends FixturePackage {
  /** Runs git. Throws if git fails. */
  git(...args: string[]): string;
  /** The same for a merge or a rebase that stops at a conflict. */
  gitConflict(...args: string[]): void;
  commit(title: string): void;
  /** Writes the schema and its migration, and commits both. */
  migration(name: string, schema: string, statement?: string): Promise<void>;
  /** The text of all files of the migrations folder. */
  migrations(): Promise<Record<string, string>>;
  /** The names of the SQL files. */
  sqlFiles(): Promise<string[]>;
}

/** The branch is `main`, with one migration `0000_note`. */
export async function repository(schema: string): Promise<Repository> {
  const fixture = await fixturePackage({ schema });
  const folder = join(fixture.folder, 'migrations');
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.com', ...args], {
      cwd: fixture.folder,
      stdio: 'pipe',
      encoding: 'utf8',
    });
  const repo: Repository = {
    ...fixture,
    git,
    gitConflict: (...args) => expect(() => git(...args)).toThrow(/Command failed/),
    commit(title) {
      git('add', '--all');
      git('commit', '--quiet', '--message', title);
    },
    async migration(name, changed, statement) {
      await fixture.write(changed);
      await appendMigration(await definitionOf(fixture), name, statement);
      repo.commit(name);
    },
    async migrations() {
      const names = (await readdir(folder, { recursive: true, withFileTypes: true }))
        .filter((entry) => entry.isFile())
        .map(({ parentPath, name }) => join(parentPath, name).slice(folder.length + 1));
      const texts = names.map(async (name) => [name, await readFile(join(folder, name), 'utf8')] as const);
      return Object.fromEntries(await Promise.all(texts));
    },
    sqlFiles: async () =>
      Object.keys(await repo.migrations())
        .filter((name) => name.endsWith('.sql'))
        .toSorted(),
  };
  git('init', '--quiet', '--initial-branch', 'main');
  await mkdir(join(folder, 'meta'), { recursive: true });
  await writeFile(join(fixture.folder, '.gitignore'), 'node_modules\n');
  await repo.migration('note', schema);
  return repo;
}

let imports = 0;

/** The definition with the current schema. The module name changes, because Node.js caches modules by name. */
async function definitionOf({ folder }: FixturePackage): Promise<DatabaseDefinition> {
  const url = pathToFileURL(join(folder, 'schema.js'));
  const schema = await import(`${url.href}?${(imports += 1)}`);
  return { name: 'fixture', schema, folder, migrations: join(folder, 'migrations'), sources: folder, validators: {} };
}

/** A table with these columns in addition to its key. */
export function note(...columns: string[]): string {
  return `export const note = pgTable('note', { id: serial('id').primaryKey(),\n${columns.map((column) => `  ${column},\n`).join('')}});`;
}

export interface Branches {
  /** The schema that the other branch merged first. Default: a column `theirs`. */
  readonly theirs?: string;
  /** The schema of this branch. Default: a column `mine`. */
  readonly mine?: string;
  /** The merged schema. Default: both columns. */
  readonly merged?: string;
}

/** Returns the branch `mine` in the middle of a merge of `main`: the schema is merged, the migrations are in conflict. */
export async function conflict(branches: Branches = {}): Promise<Repository> {
  const { theirs = note(`theirs: text('theirs')`), mine = note(`mine: text('mine')`) } = branches;
  const { merged = note(`theirs: text('theirs')`, `mine: text('mine')`) } = branches;
  const repo = await repository(note());
  repo.git('switch', '--quiet', '--create', 'mine');
  await repo.migration('mine', mine);
  repo.git('switch', '--quiet', 'main');
  await repo.migration('theirs', theirs);
  repo.git('switch', '--quiet', 'mine');
  repo.gitConflict('merge', 'main');
  await repo.write(merged);
  return repo;
}
