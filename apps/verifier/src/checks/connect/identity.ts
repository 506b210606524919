import { databaseOf } from '../../branch-clone.ts';
import { type Check, type Finding, verdict } from '../../check.ts';
import { survey } from './survey.ts';

export const identity: Check = {
  id: 'connect/identity',
  title: 'You are where you think you are',
  method:
    'Database, role and, on Neon, project and branch, as the server tells them; the branch beside --expect-branch.',
  why: 'All else is proved of another database than the one you meant.',
  remedy: 'Compare with the Neon console, and name the right one: --url, or DATABASE_URL.',
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
      judge(neonBranch ?? databaseOf(context.url), context.expectBranch),
      Object.entries(facts)
        .map(([name, value]) => `${name} ${value}`)
        .join(', '),
    );
  },
};

function judge(branch: string, expected: string | undefined): Finding[] {
  if (expected === undefined || expected === branch) return [];
  return [
    {
      have: `branch ${branch}`,
      want: `branch ${expected}`,
      fix: 'Name the right database: --url, or DATABASE_URL. (On Neon a branch is known by its id, br-…, as the console lists it.)',
      severity: 'error',
    },
  ];
}
