import { type Check, verdict } from '../../check.ts';

export const leavesNothing: Check = {
  id: 'self/leaves-nothing',
  title: 'The run left no trace',
  method: 'After all other checks: users with an address of this run’s, and their todos.',
  why: 'A verifier that changes what it looks at cannot be run on production.',
  remedy: 'This is a bug of the verifier: open an issue. The next run that may write removes the rows.',
  severity: 'error',
  mode: 'reads',
  needs: ['connect/websocket'],
  isLast: true,
  run: async ({ read, rows }) =>
    await read(async (session) => {
      // Of this run: the number before the first hyphen is its own.
      const mine = rows.email().replace(/-\d+@/, '-%@');
      const { rows: left } = await session.query(
        `select id, 'user' as "table" from public."user" where email like $1
         union all
         select t.id, 'todo' from public.todo t join public."user" u on u.id = t.user_id where u.email like $1
         limit 5`,
        [mine],
      );
      const findings = left.map(({ id, table }) => ({
        have: `${String(table)} ${String(id)} is left`,
        want: 'nothing',
        fix: `DELETE FROM public."${String(table)}" WHERE id = ${String(id)};`,
      }));
      return verdict(findings);
    }),
};
