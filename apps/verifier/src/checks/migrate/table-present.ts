import { type Check, type Finding, verdict } from '../../check.ts';
import { type Ledger, ledgerOf } from './ledger.ts';

export const tablePresent: Check = {
  id: 'migrate/table-present',
  title: 'The database remembers its migrations, in one place',
  method: 'Tables named __drizzle_migrations in any schema; that in `drizzle` is the one that counts.',
  why: 'Nobody knows what ran here: the next migration runs what is there already, or skips what is not.',
  remedy: 'pnpm db:migrate   # it records what `push` made, when that is what the migrations make',
  severity: 'error',
  mode: 'reads',
  needs: ['connect/websocket'],
  run: async (context) => verdict(judge(await ledgerOf(context))),
};

function judge({ schemas, fault, weakness }: Ledger): Finding[] {
  const others = schemas.filter((schema) => schema !== 'drizzle');
  const findings: (Finding | false)[] = [
    !schemas.includes('drizzle') && {
      have: 'no drizzle.__drizzle_migrations',
      want: 'one row for each migration there',
    },
    fault !== undefined && {
      have: fault,
      want: 'a table with the columns hash text and created_at bigint, to be read by this role',
      fix: 'Restore it from a backup, or drop it and let pnpm db:migrate record what is there.',
    },
    weakness !== undefined && {
      have: `drizzle.__drizzle_migrations will not keep the next migration: ${weakness}`,
      want: 'the table as Drizzle makes it',
      fix: `ALTER TABLE drizzle.__drizzle_migrations SET LOGGED;
ALTER TABLE drizzle.__drizzle_migrations ALTER COLUMN id SET DEFAULT nextval('drizzle.__drizzle_migrations_id_seq');
SELECT setval('drizzle.__drizzle_migrations_id_seq', (SELECT max(id) FROM drizzle.__drizzle_migrations));`,
    },
    others.length > 0 && {
      have: `also ${others.map((schema) => `${schema}.__drizzle_migrations`).join(', ')}`,
      want: 'one ledger',
      why: 'A tool that looks there takes another history for this database’s.',
      fix: others.map((schema) => `DROP TABLE "${schema}".__drizzle_migrations;   -- once nobody uses it`).join('\n'),
    },
  ];
  return findings.filter((finding) => finding !== false);
}
