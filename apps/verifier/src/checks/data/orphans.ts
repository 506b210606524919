import { type Check, verdict } from '../../check.ts';

export const orphans: Check = {
  id: 'data/orphans',
  title: 'Every todo has a user',
  method: 'Todos whose user is not there, at most five.',
  why: 'They are nobody’s to see or to delete, and keep the foreign key from being validated.',
  remedy: 'Delete them, or give them to another user; then ALTER TABLE todo VALIDATE CONSTRAINT todo_user_id_fkey;',
  severity: 'error',
  mode: 'reads',
  needs: ['connect/websocket'],
  run: ({ read }) =>
    read(async (session) => {
      const { rows } = await session.query(`select row_security_active('public."user"') as "isHidden",
        array_to_string(array(select t.id from public.todo t
          where not exists (select from public."user" u where u.id = t.user_id) order by t.id limit 5), ', ') as ids`);
      const { isHidden, ids } = rows[0] ?? {};
      if (isHidden === true) return { kind: 'skip', reason: HIDDEN };
      const about = { table: 'todo', name: 'todo_user_id_fkey' };
      return verdict(ids === '' ? [] : [{ have: `todos without a user, such as ${String(ids)}`, want: 'none', about }]);
    }),
};

// Their todos would be told to be orphans, and deleted.
const HIDDEN = 'row security hides users from this role';
