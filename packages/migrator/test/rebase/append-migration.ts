/** Writes a migration as drizzle-kit does, without starting its program, which takes a second or two. */
import { createStaging } from '../../src/commands/rebase/staging.ts';
import { readFolderFiles, journalOf, formatIndex, snapshotIn } from '../../src/commands/rebase/folder-files.ts';
import { BREAKPOINT } from '../../src/commands/rebase/hand-written.ts';
import { emptySnapshot, generateStatements } from '../../src/commands/rebase/statements-between.ts';
import { snapshotOf } from '../../src/commands/schema/snapshot.ts';
import type { DatabaseDefinition } from '../../src/index.ts';

const BEFORE_THE_FIRST = '00000000-0000-0000-0000-000000000000';

/** @param statement the SQL of a rename, about which drizzle-kit would ask. */
export async function appendMigration(database: DatabaseDefinition, name: string, statement?: string): Promise<void> {
  const { migrations: folder } = database;
  const current = await readFolderFiles(folder);
  const idx = journalOf(current).entries.length;
  const before = snapshotIn(current, idx - 1);
  const after = snapshotOf(database);
  const statements = statement === undefined ? await generateStatements(before ?? emptySnapshot(), after) : [statement];
  const snapshot = { ...after, prevId: before?.['id'] ?? BEFORE_THE_FIRST };
  const tag = `${formatIndex(idx)}_${name}`;
  const added = { tag, sql: statements.join(BREAKPOINT), snapshot, how: 'generated' as const };
  await using staging = await createStaging(folder, { current, base: current, migrations: [added] });
  staging.swap();
}
