import { user } from '@todo/db/schema';

import { type Check, guarantee, verdict } from '../../../check.ts';
import { refusalOf } from '../../behave/refusal.ts';
import { runAndRollBack } from '../../behave/run-and-roll-back.ts';
import { ownEmail, ownId } from '../own-rows.ts';

const INDEX = 'idx_user_email_unique';

export const uniqueEmail: Check = {
  id: 'behave/unique-email',
  title: 'A duplicate email is refused by idx_user_email_unique',
  method: 'Inserts two users with the same email, in a transaction that is rolled back.',
  why: 'Two users have the same email, or the application cannot tell "email taken" from another conflict.',
  remedy: 'CREATE UNIQUE INDEX CONCURRENTLY idx_user_email_unique ON public."user" (email);',
  mode: 'rolls-back',
  run: async ({ websocket, run }) => {
    const email = ownEmail({ run });
    const refusal = await runAndRollBack(websocket, async (tx) => {
      await tx.insert(user).values({ id: ownId(), email, hashedPassword: 'verify' });
      return await refusalOf(tx, (savepoint) =>
        savepoint.insert(user).values({ id: ownId(), email, hashedPassword: 'verify' }),
      );
    });
    guarantee(refusal?.code === '23505' && refusal.constraint === INDEX, {
      have: refusal ? `refused with ${refusal.code} by ${refusal.constraint ?? 'no constraint'}` : 'accepted',
      want: `refused with 23505 (unique_violation) by ${INDEX}`,
    });
    return verdict([]);
  },
};
