/** A sample of the sabotages, as the owner of the tables; all of them, on two versions and for two roles, are in `sabotage.stress.ts`. */
import { beforeAll, expect, it } from 'vitest';

import { proveTwoTables } from './prove.ts';
import { commitSabotage, setScene } from './sabotage/commit-sabotage.ts';
import { HARMLESS } from './sabotage/harmless.ts';
import { loud, READ_ONLY } from './sabotage/read-only-checks.ts';
import { SABOTAGES } from './sabotage/sabotages.ts';
import { twoTablesBranch } from './two-tables/two-tables.ts';

let shadow: string;

beforeAll(async () => {
  shadow = (await twoTablesBranch()).url;
});

// The schema's have a poison each in `schema-checks.test.ts`. What reaches beyond the database would reach other tests.
const own = SABOTAGES.filter(({ id, as, undo }) => !id.startsWith('schema/') && as === undefined && undo === undefined);
const firstOfEach = own.filter(({ id }, index) => own.findIndex((other) => other.id === id) === index);

it.each(firstOfEach)('$id: $sql', async (sabotage) => {
  const { url: owner } = await twoTablesBranch();
  await setScene({ owner });
  await commitSabotage({ owner }, sabotage);
  expect(loud(await proveTwoTables(owner, { only: READ_ONLY, shadow }))).toContain(sabotage.id);
});

it.each(HARMLESS.filter(({ as, undo }, index) => as === undefined && undo === undefined && index % 10 === 0))(
  'harmless: $sql',
  async (change) => {
    const { url: owner } = await twoTablesBranch();
    await setScene({ owner });
    await commitSabotage({ owner }, change);
    expect(loud(await proveTwoTables(owner, { only: READ_ONLY, shadow }))).toEqual([]);
  },
);
