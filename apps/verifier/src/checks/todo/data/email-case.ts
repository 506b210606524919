import { type Check, verdict } from '../../../check.ts';

export const emailCase: Check = {
  id: 'data/email-case',
  title: 'No two users have the same address, ignoring case and surrounding spaces',
  method: 'Groups addresses as `normalizeEmail` writes them: in lower case, without surrounding white space.',
  why: 'One person has two accounts, and a login finds one or neither.',
  remedy: 'Keep one user and write the address in lower case; the validators normalise new addresses.',
  severity: 'warning',
  mode: 'reads',
  run: ({ read }) =>
    read(async (session) => {
      const { rows } = await session.query(`select string_agg(id::text, ', ' order by id) as ids from public."user"
        group by lower(btrim(email, E' \\t\\n\\r')) having count(*) > 1 order by min(id) limit 5`);
      const about = { table: 'user', name: 'email' };
      return verdict(
        rows.map(({ ids }) => ({
          have: `users ${String(ids)} share an address`,
          want: 'one user for one address',
          about,
        })),
      );
    }),
};
