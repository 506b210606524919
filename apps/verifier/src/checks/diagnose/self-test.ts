import { type Check, verdict } from '../../check.ts';
import { diagnose } from '../../diagnose.ts';
import { rebuildError } from '../../failures/failure.ts';
import { FAILURES } from '../../failures/index.ts';

export const selfTest: Check = {
  id: 'diagnose/self-test',
  title: 'Common connection failures are diagnosed',
  method: 'Diagnoses recorded errors of drivers, of Neon’s proxy and of PostgreSQL, and compares the causes.',
  why: 'A failure is reported with a stack trace instead of a cause and a remedy.',
  remedy: 'This is a bug in the verifier: open an issue with this output.',
  mode: 'local',
  run: async () => {
    const recorded = Object.entries(FAILURES).flatMap(([failure, { examples }]) =>
      examples.map((example) => ({ failure, found: diagnose(rebuildError(example))?.failure })),
    );
    const missed = recorded.filter(({ failure, found }) => failure !== found);
    return verdict(
      missed.map(({ failure, found = 'nothing' }) => ({ have: `${failure} is diagnosed as ${found}`, want: failure })),
      `${recorded.length} errors`,
    );
  },
};
