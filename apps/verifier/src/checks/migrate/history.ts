import { type Check, type Finding, verdict } from '../../check.ts';
import { type Ledger, ledgerOf } from './ledger.ts';

export const history: Check = {
  id: 'migrate/history',
  title: 'The database ran what this checkout has, each once',
  method: 'Rows of drizzle.__drizzle_migrations that no file stands for, and two rows for one file.',
  why: 'The database and this checkout do not share a history.',
  remedy: 'git pull; or this is another branch’s database; or restore meta/_journal.json from git.',
  severity: 'error',
  mode: 'reads',
  needs: ['connect/websocket'],
  run: async (context) => {
    const ledger = await ledgerOf(context);
    return verdict([...unknown(ledger), ...twice(ledger)]);
  },
};

function unknown({ states }: Ledger): Finding[] {
  return states
    .filter(({ state }) => state === 'unknown')
    .map(({ name }) => ({
      have: `${name} ran, or lies in the folder, and the journal does not know it`,
      want: 'one history',
    }));
}

function twice({ rows, migrations }: Ledger): Finding[] {
  return migrations.flatMap(({ name, createdAt }) => {
    const count = rows.filter((row) => row.createdAt === createdAt).length;
    if (count < 2) return [];
    return [
      {
        have: `${name} has ${count} rows`,
        want: 'one',
        why: 'It ran twice, or two tools recorded it: what it did to rows may have been done twice.',
        fix: 'Compare the schema first (pnpm verify --only schema), then delete the younger row by its id.',
      },
    ];
  });
}
