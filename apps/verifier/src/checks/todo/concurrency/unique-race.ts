import { DatabaseError } from '@todo/client';
import { user } from '@todo/db/schema';
import { eq } from 'drizzle-orm';

import { type Check, guarantee, verdict } from '../../../check.ts';
import { ownEmail } from '../own-rows.ts';

const RUNNERS = 20;

export const uniqueRace: Check = {
  id: 'conc/unique-race',
  title: 'Of many who sign up with one address at once, one wins',
  method: `${RUNNERS} inserts of one address at the same time, over HTTP; the others must hear that it is taken.`,
  why: 'Two users share one address, or people see an error that says nothing.',
  remedy: 'pnpm verify --only schema   # idx_user_email_unique must be there, unique and valid',
  severity: 'error',
  mode: 'commits',
  needs: ['connect/http'],
  run: async ({ http, run }) => {
    const email = ownEmail({ run });
    try {
      const tries = Array.from({ length: RUNNERS }, () =>
        http.insert(user).values({ email, hashedPassword: 'verify' }),
      );
      const outcomes = await Promise.allSettled(tries);
      const won = outcomes.filter(({ status }) => status === 'fulfilled').length;
      const taken = outcomes.filter((outcome) => outcome.status === 'rejected' && isTaken(outcome.reason)).length;
      guarantee(won === 1 && taken === RUNNERS - 1, {
        have: `${won} won, ${taken} were told that it is taken, ${RUNNERS - won - taken} failed otherwise`,
        want: `1 won, ${RUNNERS - 1} were told`,
        about: { table: 'user', name: 'idx_user_email_unique' },
        follows: ['schema/*'],
      });
      return verdict([]);
    } finally {
      await http.delete(user).where(eq(user.email, email));
    }
  },
};

function isTaken(error: unknown): boolean {
  return error instanceof DatabaseError && error.kind === 'email-taken';
}
