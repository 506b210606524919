/** Merges two branches that both have migrations, with git, rebases, and compares the result of the migrations with the merged schema. */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual, promisify } from 'node:util';

import { describeDifference } from '../../src/catalog/index.ts';
import { CommandFailure } from '../../src/commands/failure.ts';
import { readFolderFiles } from '../../src/commands/rebase/folder-files.ts';
import { branchHistory } from '../../src/commands/rebase/history.ts';
import { planRebase } from '../../src/commands/rebase/plan-rebase.ts';
import { createStaging } from '../../src/commands/rebase/staging.ts';
import { compareWithSchema } from '../../src/commands/schema/compare-with-schema.ts';
import { readWantedCatalog } from '../../src/commands/schema/wanted-catalog.ts';
import type { DatabaseDefinition } from '../../src/index.ts';
import { findJournalFaults } from '../../src/migrate/journal-faults.ts';
import { hasFile, readFolder } from '../../src/migrate/folder.ts';
import { MigrationError } from '../../src/migrate/migration-error.ts';
import { catalogAfter, type Shadow } from '../../src/migrate/replay.ts';
import { appendMigration } from './append-migration.ts';
import { apply, type Change } from './change.ts';
import { type Model, origin, schemaOf } from './model.ts';

export interface Pair {
  readonly theirs: readonly Change[];
  readonly mine: readonly Change[];
  /** The winner in the merged schema if both changed the same object. */
  readonly isMineLast: boolean;
}

export interface PairResult {
  /** The fault that the check would print. Undefined if the migrations create the merged schema. */
  readonly refusal: string | undefined;
  /** Whether both branches changed the same object. */
  readonly isConflicting: boolean;
}

export async function rebasePair(
  { theirs, mine, isMineLast }: Pair,
  openShadow: () => Promise<Shadow>,
): Promise<PairResult> {
  const root = await realpath(await mkdtemp(join(tmpdir(), 'two branches ')));
  try {
    const branch = new Branch(root);
    await branch.init();
    await branch.grow(origin, theirs, 'theirs');
    await branch.git('switch', '--quiet', '--create', 'mine', 'origin');
    await branch.grow(origin, mine, 'mine');
    await branch.git('merge', '--quiet', 'main').catch(() => {});
    const [first, second] = isMineLast ? [theirs, mine] : [mine, theirs];
    const merged = [...first, ...second].reduce(apply, origin);
    const isConflicting =
      !isDeepStrictEqual(merged, [...second, ...first].reduce(apply, origin)) ||
      isUndone(mine, theirs.reduce(apply, origin));
    const faults = await branch.rebase(merged, openShadow).catch((error: unknown) => {
      if (!(error instanceof CommandFailure) && !(error instanceof MigrationError)) throw error;
      return [error.message];
    });
    return { refusal: faults.length === 0 ? undefined : faults.join('\n'), isConflicting };
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

/** Whether one of the changes has no effect any more, such as one to a column of a dropped table. */
function isUndone(changes: readonly Change[], from: Model): boolean {
  let [model, alone, isLost] = [from, origin, false];
  for (const change of changes) {
    const [next, nextAlone] = [apply(model, change), apply(alone, change)];
    isLost ||= next === model && nextAlone !== alone;
    [model, alone] = [next, nextAlone];
  }
  return isLost;
}

class Branch {
  readonly #root: string;
  readonly #migrations: string;

  constructor(root: string) {
    this.#root = root;
    this.#migrations = join(root, 'migrations');
  }

  async git(...args: string[]): Promise<void> {
    const identity = ['-c', 'user.name=t', '-c', 'user.email=t@example.com'];
    await promisify(execFile)('git', [...identity, ...args], { cwd: this.#root });
  }

  /** Creates `main` with the migration of the common schema, and tags it. */
  async init(): Promise<void> {
    await this.git('init', '--quiet', '--initial-branch', 'main');
    await mkdir(join(this.#migrations, 'meta'), { recursive: true });
    await this.#generate('first', origin);
    await this.#commit();
    await this.git('tag', 'origin');
  }

  /** Writes one migration for each change that has an effect. */
  async grow(from: Model, changes: readonly Change[], name: string): Promise<void> {
    let [model, count] = [from, 0];
    for (const change of changes) {
      const changed = apply(model, change);
      if (isDeepStrictEqual(changed, model)) continue;
      await this.#generate(`${name}_${(count += 1)}`, changed, change);
      model = changed;
    }
    await this.#commit();
  }

  async #commit(): Promise<void> {
    await this.git('add', '--all');
    await this.git('commit', '--quiet', '--allow-empty', '--message', 'step');
  }

  async #generate(name: string, model: Model, change?: Change): Promise<void> {
    const rename = change?.kind === 'rename column' ? change : undefined;
    const statement = rename && `ALTER TABLE "${rename.table}" RENAME COLUMN "${rename.name}" TO "${rename.to}";`;
    await appendMigration(this.#definition(model), name, statement);
  }

  /** Rebases, and returns the fault. */
  async rebase(merged: Model, openShadow: () => Promise<Shadow>): Promise<string[]> {
    const database = this.#definition(merged);
    const current = await readFolderFiles(this.#migrations);
    const { base, branchMigrations } = await branchHistory(database, current, 'main');
    const { migrations } = await planRebase({
      database,
      base,
      branchMigrations,
      decide: async () => 'keep',
      canAsk: false,
    });
    await using staging = await createStaging(this.#migrations, { current, base, migrations });
    staging.swap();
    const chain = await findJournalFaults(this.#migrations);
    const made = await catalogAfter((await readFolder(this.#migrations)).migrations.filter(hasFile), openShadow);
    const { differences } = compareWithSchema(made, await readWantedCatalog(database, openShadow, made));
    return [...chain, ...differences.map(describeDifference)];
  }

  #definition(model: Model): DatabaseDefinition {
    const schema = schemaOf(model);
    return {
      name: 'pair',
      schema,
      folder: this.#root,
      migrations: this.#migrations,
      sources: this.#root,
      validators: {},
    };
  }
}
