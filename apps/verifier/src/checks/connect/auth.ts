import { type Check, verdict } from '../../check.ts';
import { firstQueryMs } from './first-query.ts';
import { ignoreTimeout } from './ignore-timeout.ts';

export const auth: Check = {
  id: 'connect/auth',
  title: 'User, password and database are accepted',
  method: 'Logs in with the connection string and runs one query.',
  why: 'Without a login, no other check can run.',
  remedy: 'Reset the password in the Neon console, and copy the whole string again.',
  mode: 'reads',
  needs: ['connect/reach'],
  run: async (context) => {
    await ignoreTimeout(firstQueryMs(context));
    return verdict([]);
  },
};
