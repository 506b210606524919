import { user } from '@todo/db/schema';

import { type Check, guarantee, verdict } from '../../../check.ts';
import { databaseError } from '../../../error-chain.ts';
import { rolledBack } from '../../behave/rolled-back.ts';
import { ownEmail, ownId } from '../own-rows.ts';

const INDEX = 'idx_user_email_unique';

export const uniqueEmail: Check = {
  id: 'behave/unique-email',
  title: 'A second user with the same email is refused, by the name of the index',
  method: 'Two users with one address are inserted in a transaction that is rolled back.',
  why: 'Two users share one address, or the application cannot tell "email taken" from another conflict.',
  remedy: 'CREATE UNIQUE INDEX CONCURRENTLY idx_user_email_unique ON public."user" (email);',
  severity: 'error',
  mode: 'rolls-back',
  needs: ['connect/websocket'],
  run: async ({ websocket, run }) => {
    const email = ownEmail({ run });
    const refusal = await rolledBack(websocket, async (tx) => {
      await tx.insert(user).values({ id: ownId(), email, hashedPassword: 'verify' });
      try {
        await tx.insert(user).values({ id: ownId(), email, hashedPassword: 'verify' });
        return undefined;
      } catch (error) {
        // What is no refusal of PostgreSQL's says nothing about the guarantee.
        const refused = databaseError(error);
        if (refused === undefined) throw error;
        return refused;
      }
    });
    guarantee(refusal?.code === '23505' && refusal.constraint === INDEX, {
      have: refusal ? `refused with ${refusal.code} by ${refusal.constraint ?? 'no constraint'}` : 'accepted',
      want: `refused with 23505 (unique_violation) by ${INDEX}`,
      fix: `CREATE UNIQUE INDEX CONCURRENTLY ${INDEX} ON public."user" (email);`,
    });
    return verdict([]);
  },
};
