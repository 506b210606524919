import { type Check, verdict } from '../../check.ts';

export const leavesNothing: Check = {
  id: 'self/leaves-nothing',
  title: 'The run left no rows behind',
  method: 'After all other checks, looks for rows that checks of the application committed in this run.',
  why: 'A verifier that leaves rows behind cannot run on production.',
  remedy: 'This is a bug in the verifier: open an issue. The next run that writes removes the rows.',
  mode: 'reads',
  isLast: true,
  run: async ({ read, findRemainingRows }) => {
    if (findRemainingRows === undefined) return { kind: 'not-applicable', reason: 'no check commits a row' };
    return verdict(await read(findRemainingRows));
  },
};
