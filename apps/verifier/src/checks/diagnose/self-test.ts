import { type Check, verdict } from '../../check.ts';
import { diagnose } from '../../diagnose.ts';
import { revive } from '../../failures/failure.ts';
import { FAILURES } from '../../failures/index.ts';

export const selfTest: Check = {
  id: 'diagnose/self-test',
  title: 'The doctor knows the usual failures',
  method: 'Recorded errors of drivers, of Neon’s proxy and of PostgreSQL, each of which must lead to its cause.',
  why: 'When something goes wrong, you get a stack trace in place of what to do.',
  remedy: 'This is a bug of the verifier: open an issue with what is printed here.',
  severity: 'error',
  mode: 'local',
  run: async () => {
    const recorded = Object.entries(FAILURES).flatMap(([failure, { examples }]) =>
      examples.map((example) => ({ failure, found: diagnose(revive(example))?.failure })),
    );
    const missed = recorded.filter(({ failure, found }) => failure !== found);
    return verdict(
      missed.map(({ failure, found = 'nothing' }) => ({ have: `${failure} is taken for ${found}`, want: failure })),
      `${recorded.length} errors`,
    );
  },
};
