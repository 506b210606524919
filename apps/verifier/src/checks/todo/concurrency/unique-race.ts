import { DatabaseError } from '@todo/client';
import { user } from '@todo/db/schema';

import { type Check, guarantee, verdict } from '../../../check.ts';
import { withOwnUsers } from '../own-users.ts';

const RUNNERS = 20;

export const uniqueRace: Check = {
  id: 'conc/unique-race',
  title: 'Of concurrent sign-ups with one address, exactly one succeeds',
  method: `Sends ${RUNNERS} concurrent inserts of one address over HTTP; the others must fail with email-taken.`,
  why: 'Two users share one address, or a user sees an unclear error.',
  remedy: 'Create idx_user_email_unique as a unique, valid index: `pnpm verify --only schema` prints the SQL.',
  mode: 'commits',
  needs: ['connect/http'],
  run: ({ http, run }) =>
    withOwnUsers(http, { run }, async (email) => {
      const signUp = async () => await http.insert(user).values({ email, hashedPassword: 'verify' });
      const outcomes = await Promise.allSettled(Array.from({ length: RUNNERS }, signUp));
      const won = outcomes.filter(({ status }) => status === 'fulfilled').length;
      const taken = outcomes.filter((outcome) => outcome.status === 'rejected' && isTaken(outcome.reason)).length;
      guarantee(won === 1 && taken === RUNNERS - 1, {
        have: `${won} succeeded, ${taken} failed with email-taken, ${RUNNERS - won - taken} failed with another error`,
        want: `1 succeeded, ${RUNNERS - 1} failed with email-taken`,
        about: { table: 'user', name: 'idx_user_email_unique' },
        follows: ['schema/*'],
      });
      return verdict([]);
    }),
};

function isTaken(error: unknown): boolean {
  return error instanceof DatabaseError && error.kind === 'email-taken';
}
