import { askOnce } from '../../ask-once.ts';
import { type Check, verdict } from '../../check.ts';
import { survey } from './survey.ts';

export const identity: Check = {
  id: 'connect/identity',
  title: 'You are where you think you are',
  method: 'Database, role and, on Neon, project and branch, as the server tells them.',
  why: 'All else is proved of another database than the one you meant.',
  remedy: 'Compare with the Neon console, and name the right one: --url, or DATABASE_URL.',
  severity: 'info',
  mode: 'reads',
  needs: ['connect/auth'],
  run: async (context) => {
    const { database, user, isSuperuser, version, neonProject, neonBranch } = await askOnce(context, survey);
    const facts = {
      database,
      role: isSuperuser ? `${user}, a superuser` : user,
      server: `PostgreSQL ${version}`,
      ...(neonProject && { 'Neon project': neonProject }),
      ...(neonBranch && { 'Neon branch': neonBranch }),
    };
    context.show({ kind: 'identity', facts });
    return verdict(
      [],
      Object.entries(facts)
        .map(([name, value]) => `${name} ${value}`)
        .join(', '),
    );
  },
};
