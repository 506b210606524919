/** One run: opens the database, runs the checks on it, and leaves it as it was. */
import { maskUrl } from '@todo/db';
import type { Environment } from '@todo/db/environment';

import type { Check } from './check.ts';
import { checks } from './checks/index.ts';
import { diagnose } from './diagnose.ts';
import { openContext } from './open-context.ts';
import { type Result, skipped } from './result.ts';
import { runChecks } from './run-checks.ts';
import { withPlaces } from './source-places.ts';
import { openTarget, type Target } from './target.ts';

export interface VerifyOptions {
  readonly selected: readonly Check[];
  readonly environment: Environment;
  /** Instead of the environment's. */
  readonly url?: string | undefined;
  /** Lets checks write to a database that is not this checkout's own. */
  readonly write: boolean;
  /** Ends the run early; what it wrote is removed all the same. */
  readonly signal: AbortSignal;
  /** Told in a line what is going on. */
  readonly note: (line: string) => void;
  readonly onStart: (check: Check) => void;
  readonly onEnd: (result: Result) => void;
}

/** Gives a result for each selected check. Without a database, none of them runs. */
export async function verify(options: VerifyOptions): Promise<Result[]> {
  const { selected, environment, note } = options;
  if (options.url === undefined && environment.databaseUrl === undefined) {
    note('DATABASE_URL is not set: starting a Neon on this machine, for this run only.');
  }
  let target: Target;
  try {
    target = await openTarget(options);
  } catch (error) {
    return withoutDatabase(selected, error);
  }
  try {
    note(`Database: ${maskUrl(target.url)} (${target.source})`);
    return await verifyTarget(target, options);
  } finally {
    await target.close();
  }
}

async function verifyTarget(
  target: Target,
  { selected, signal, note, onStart, onEnd }: VerifyOptions,
): Promise<Result[]> {
  // It starts while the first checks connect. What goes wrong, the checks that need it say.
  if (selected.some(({ id }) => id.startsWith('schema/'))) void target.shadow().catch(() => {});
  const { contextFor, prepareToWrite, close } = openContext(target);
  try {
    const { mayWrite } = target;
    const options = { catalog: checks, contextFor, mayWrite, prepareToWrite, signal, onStart, onEnd };
    return await withPlaces(await runChecks(selected, options));
  } finally {
    if (!(await close())) {
      note('Rows of this run may be left in the database; the next run that may write removes them.');
    }
  }
}

/** The first check stands for the database that could not be opened; the others did not run. */
function withoutDatabase(selected: readonly Check[], error: unknown): Result[] {
  const diagnosis = diagnose(error);
  if (diagnosis === undefined) throw error;
  const { cause, remedy } = diagnosis;
  const finding = {
    have: cause,
    want: 'a database',
    why: 'Without one, nothing can be proved.',
    fix: remedy,
    severity: 'error' as const,
  };
  return [
    {
      id: 'connect/target',
      title: 'There is a database to verify',
      status: 'fail',
      durationMs: 0,
      findings: [finding],
    },
    ...selected.map((check) => skipped(check, 'not run: there is no database')),
  ];
}
