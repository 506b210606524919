import { type Check, verdict } from '../../check.ts';
import { firstQueryMs } from './first-query.ts';
import { unlessTimedOut } from './unless-timed-out.ts';

export const auth: Check = {
  id: 'connect/auth',
  title: 'User, password and database are accepted',
  method: 'One query, logged in as the connection string says.',
  why: 'Nothing can be proved of a database that lets nobody in.',
  remedy: 'Reset the password in the Neon console, and copy the whole string again.',
  severity: 'error',
  mode: 'reads',
  needs: ['connect/reach'],
  run: async (context) => {
    await unlessTimedOut(firstQueryMs(context));
    return verdict([]);
  },
};
