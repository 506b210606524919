import { type Check, type Finding, verdict } from '../../check.ts';
import { type Resolution, type Survey, survey } from './survey.ts';

export const searchPath: Check = {
  id: 'connect/search-path',
  title: 'An unqualified table name resolves to the table in public',
  method:
    'Resolves each table name, and reads the search path of each role and relations of the same name in other schemas.',
  why: 'Reads and writes go to another table without an error.',
  remedy: 'Drop or rename the other table, or reset search_path.',
  mode: 'reads',
  needs: ['connect/auth'],
  run: async (context) => {
    const facts = await survey(context);
    return verdict([...facts.resolutions.flatMap(resolutionFindings), ...searchPathFindings(facts)]);
  },
};

function resolutionFindings({ name, schema, namesakes }: Resolution): Finding[] {
  const about = { table: name };
  if (schema !== null && schema !== 'public') {
    return [{ have: `${name} resolves to ${schema}.${name}`, want: `public.${name}`, about }];
  }
  return namesakes.map((other) => ({
    have: `there is also ${other}.${name}`,
    want: `only public.${name}`,
    why: `A search_path that starts with ${other} sends queries there without an error.`,
    severity: 'warning',
    about,
  }));
}

function searchPathFindings({ searchPath: path, roleSettings }: Survey): Finding[] {
  const settings = roleSettings.filter(({ name }) => name === 'search_path');
  const wrongSettings = settings.filter(({ value }) => !startsWithPublic(value));
  const want = 'search_path "$user", public';
  if (wrongSettings.length > 0) {
    return wrongSettings.map(({ scope, value }) => ({
      have: `search_path ${value} for ${scope}`,
      want,
      fix: `ALTER ${scope} RESET search_path;`,
    }));
  }
  return startsWithPublic(path) ? [] : [{ have: `search_path ${path}`, want }];
}

/** Whether `public` is the first schema but for `$user`. `pg_catalog` must not be listed: PostgreSQL searches it first if it is not. */
function startsWithPublic(path: string): boolean {
  const schemas = [...path.matchAll(SCHEMA)].map(([schema, unquoted = schema]) => unquoted);
  return schemas.find((schema) => schema !== '$user') === 'public' && !schemas.includes('pg_catalog');
}

/** A schema; the group is the name inside quotes. A comma inside quotes is part of a name: `SET search_path = 'public, other'` sets one schema. */
const SCHEMA = /"((?:[^"]|"")*)"|[^\s,"]+/g;
