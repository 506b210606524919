/** Runs each command once, as in daily work. The `.stress.ts` files in this folder test the details. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

import { emptyBranch } from '@todo/local-neon/vitest';
import { expect, test } from 'vitest';

import { query } from '../query.ts';
import { fixturePackage } from './fixture-package.ts';
import { conflict } from './two-branches.ts';

const note = (columns: string) =>
  `export const note = pgTable('note', { id: serial('id').primaryKey(), body: text('body').notNull(), ${columns} });`;

test('a schema is generated, checked, migrated, seeded and reset', async () => {
  const { url } = await emptyBranch();
  const fixture = await fixturePackage({
    schema: note(''),
    samples: `{ rows: [sampleRows(schema.note, { by: ['body'], rows: [{ body: 'milk' }] })] }`,
  });
  expect(await fixture.run(['generate', '--check'])).toMatchObject({ exitCode: 1 });
  expect(await fixture.run(['generate', '--name', 'note'])).toMatchObject({ exitCode: 0 });
  expect(await readdir(join(fixture.folder, 'migrations'))).toContain('0000_note.sql');
  expect(await fixture.run(['check', '--all'])).toMatchObject({ exitCode: 0 });

  expect(await fixture.run(['migrate'], { url })).toMatchObject({ exitCode: 0 });
  expect(await fixture.run(['seed'], { url })).toMatchObject({ exitCode: 0 });
  expect(await query(url, 'select body from note')).toEqual([{ body: 'milk' }]);

  expect(await fixture.run(['reset'], { url })).toMatchObject({ exitCode: 0 });
  expect(await query(url, 'select from note')).toEqual([]);
  expect(await fixture.run(['status'], { url })).toMatchObject({
    exitCode: 0,
    stdout: expect.stringMatching(/0000_note +applied/),
  });
});

test('a push changes the database to match the schema, and a loss is refused', async () => {
  const { url } = await emptyBranch();
  const fixture = await fixturePackage({ schema: note(`mood: text('mood')`) });
  expect(await fixture.run(['push'], { url })).toMatchObject({ exitCode: 0 });
  expect(await fixture.run(['push'], { url })).toMatchObject({
    exitCode: 0,
    stdout: 'No changes: the database equals the schema.\n',
  });
  await query(url, `insert into note (body, mood) values ('milk', 'glad')`);
  await fixture.write(note(''));
  expect(await fixture.run(['push'], { url })).toMatchObject({ exitCode: 4 });
  expect(await query(url, 'select mood from note')).toEqual([{ mood: 'glad' }]);
});

test('the migrations of this branch are regenerated after those of the other branch after a merge, and a second run has nothing to do', async () => {
  const repo = await conflict();
  expect(await repo.run(['generate'])).toMatchObject({
    exitCode: 4,
    stderr: expect.stringMatching(/_journal\.json has the conflict markers of a merge.*`pnpm db:rebase`/),
  });
  expect(await repo.run(['rebase', '--base', 'main'])).toMatchObject({
    exitCode: 0,
    stdout: expect.stringMatching(/\n0001_mine is now 0002_mine: generated\n$/),
  });
  expect(await repo.sqlFiles()).toEqual(['0000_note.sql', '0001_theirs.sql', '0002_mine.sql']);
  expect(await repo.run(['rebase', '--base', 'main'])).toMatchObject({
    exitCode: 0,
    stdout: 'Nothing to rebase: 1 migration of this branch, already after those of main.\n',
  });
});
