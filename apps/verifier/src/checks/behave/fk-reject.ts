import { todo } from '@todo/db/schema';

import { type Check, guarantee, verdict } from '../../check.ts';
import { describeRefusal, refusalOf } from './refusal.ts';
import { rolledBack } from './rolled-back.ts';

const FOREIGN_KEY = 'todo_user_id_fkey';

export const fkReject: Check = {
  id: 'behave/fk-reject',
  title: 'A todo for a user who is not there is refused, at once and by the name of the foreign key',
  method: 'A todo with a user id that nobody has, in a transaction that is rolled back.',
  why: 'Todos come to be that are nobody’s to see; or the error comes with COMMIT, where no code expects it.',
  remedy: 'pnpm verify --only schema   # schema/fk-missing and schema/fk-definition have the statements',
  severity: 'error',
  mode: 'rolls-back',
  needs: ['connect/websocket'],
  run: async ({ websocket, rows }) => {
    const values = { id: rows.id(), title: 'verify', userId: rows.id() };
    const refusal = await rolledBack(websocket, (tx) =>
      refusalOf(tx, (savepoint) => savepoint.insert(todo).values(values)),
    );
    guarantee(refusal?.code === '23503' && refusal.constraint === FOREIGN_KEY, {
      have: describeRefusal(refusal),
      want: `refused with 23503 (foreign_key_violation) by ${FOREIGN_KEY}`,
      about: { table: 'todo', name: FOREIGN_KEY },
      follows: [
        'schema/fk-missing',
        'schema/fk-definition',
        'schema/fk-trigger-disabled',
        'schema/constraint-not-valid',
        'schema/name',
      ],
    });
    return verdict([]);
  },
};
