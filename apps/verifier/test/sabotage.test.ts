/** A sample of the sabotages, as the owner of the tables. `sabotage.stress.ts` runs all of them on two versions and for two roles. */
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

// `schema-checks.test.ts` has a sabotage for each schema check. A sabotage that changes more than its database would disturb other tests.
const own = SABOTAGES.filter(({ id, as, undo }) => !id.startsWith('schema/') && as === undefined && undo === undefined);
const firstOfEach = own.filter(({ id }, index) => own.findIndex((other) => other.id === id) === index);

it.each(firstOfEach)('the sabotage for $id is found: $sql', async (sabotage) => {
  const { url: owner } = await twoTablesBranch();
  await setScene({ owner });
  await commitSabotage({ owner }, sabotage);
  expect(loud(await proveTwoTables(owner, { only: READ_ONLY, shadow }))).toContain(sabotage.id);
});

it.each(HARMLESS.filter(({ as, undo }, index) => as === undefined && undo === undefined && index % 10 === 0))(
  'a harmless change raises no finding: $sql',
  async (change) => {
    const { url: owner } = await twoTablesBranch();
    await setScene({ owner });
    await commitSabotage({ owner }, change);
    expect(loud(await proveTwoTables(owner, { only: READ_ONLY, shadow }))).toEqual([]);
  },
);
