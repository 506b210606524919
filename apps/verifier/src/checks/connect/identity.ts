import { type Check, type Finding, verdict } from '../../check.ts';
import { databaseName } from '../../database-url.ts';
import { survey } from './survey.ts';

export const identity: Check = {
  id: 'connect/identity',
  title: 'The database is the expected one',
  method:
    'Reads database, role and, on Neon, project and branch from the server; compares the branch with --expect-branch.',
  why: 'All other checks test the wrong database.',
  remedy: 'Compare database and branch with the Neon console, then set --url or DATABASE_URL.',
  severity: 'info',
  mode: 'reads',
  needs: ['connect/auth'],
  run: async (context) => {
    const { database, user, isSuperuser, version, neonProject, neonBranch } = await survey(context);
    const facts = {
      database,
      role: isSuperuser ? `${user}, a superuser` : user,
      server: `PostgreSQL ${version}`,
      ...(neonProject && { 'Neon project': neonProject }),
      ...(neonBranch && { 'Neon branch': neonBranch }),
    };
    context.show({ kind: 'identity', facts });
    return verdict(
      neonBranch
        ? toFindings('branch', neonBranch, context.expectBranch)
        : toFindings('database', databaseName(context.url), context.expectBranch),
      Object.entries(facts)
        .map(([name, value]) => `${name} ${value}`)
        .join(', '),
    );
  },
};

/** A finding if another branch is expected. `name` is the branch id on Neon, elsewhere the name of the database. */
function toFindings(kind: 'branch' | 'database', name: string, expected: string | undefined): Finding[] {
  if (expected === undefined || expected === name) return [];
  return [
    {
      have: `${kind} ${name}`,
      want: `${kind} ${expected}`,
      fix: 'Set --url or DATABASE_URL. (--expect-branch takes the branch id from the Neon console, br-…; elsewhere, the name of the database.)',
      severity: 'error',
    },
  ];
}
