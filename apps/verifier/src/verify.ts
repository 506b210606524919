/** One run: opens the database, runs the checks, and removes their rows. */
import { maskUrl } from '@todo/client';

import type { App } from './app-definition.ts';
import type { Check } from './check.ts';
import { checksOf } from './checks/index.ts';
import { diagnose } from './diagnose.ts';
import { openContext } from './open-context.ts';
import type { Report } from './report/report.ts';
import { type Result, skippedResult } from './result.ts';
import { runChecks } from './run-checks.ts';
import { addPlaces } from './source-places.ts';
import { openTarget, type Target, type TargetOptions } from './target.ts';

export interface VerifyOptions extends Omit<TargetOptions, 'migrations'> {
  readonly app: App;
  /** Among `checksOf(app)`. */
  readonly selected: readonly Check[];
  /** The required branch: an id on Neon, elsewhere the name of the database. Default: any. */
  readonly expectBranch?: string | undefined;
  /** Ends the run early. Its rows are still removed. */
  readonly signal: AbortSignal;
  readonly onStart: (check: Check) => void;
  readonly onEnd: (result: Result) => void;
}

type Run = Omit<Report, 'summary' | 'isStrict'>;

/** Runs the selected checks; none if the database cannot be opened. @throws {Refusal} when writing is not permitted. */
export async function verify(options: VerifyOptions): Promise<Run> {
  const { app, selected, environment, note } = options;
  if (options.url === undefined && environment.databaseUrl === undefined) {
    note('DATABASE_URL is not set: starting a Neon on this machine, for this run only.');
  }
  let target: Target;
  try {
    target = await openTarget({ ...options, migrations: app.database.migrations });
  } catch (error) {
    return { results: resultsWithoutDatabase(selected, error) };
  }
  try {
    note(`Database: ${maskUrl(target.url)} (${target.source})`);
    return { database: maskUrl(target.url), ...(await verifyTarget(target, options)) };
  } finally {
    await target.close();
  }
}

/** Runs the checks on an open database, and removes their rows. */
async function verifyTarget(target: Target, options: VerifyOptions): Promise<Omit<Run, 'database'>> {
  const { app, selected, expectBranch, signal, note, onStart, onEnd } = options;
  const checks = checksOf(app);
  // Starts while the first checks connect. The checks that need the shadow report its errors.
  if (selected.some(({ id }) => id.startsWith('schema/'))) void target.shadow().catch(() => {});
  const { contextFor, prepareToWrite, comparison, close } = await openContext(app, { ...target, expectBranch });
  try {
    const { mayWrite } = target;
    const results = await runChecks(expectBranch === undefined ? selected : addIdentityCheck(selected, checks), {
      catalog: checks,
      contextFor,
      mayWrite,
      prepareToWrite,
      signal,
      onStart,
      onEnd,
    });
    const catalogs = await comparison();
    return { results: await addPlaces(results, app.database), ...(catalogs && { comparison: catalogs }) };
  } finally {
    if (!(await close())) {
      note('Rows of this run may still be in the database. The next run that may write removes them.');
    }
  }
}

/** The selected checks and `connect/identity`, which `--expect-branch` always runs. */
function addIdentityCheck(selected: readonly Check[], checks: readonly Check[]): Check[] {
  return checks.filter((check) => selected.includes(check) || check.id === 'connect/identity');
}

/** The results of a run whose database cannot be opened: one failed check with the cause, and the others skipped. */
function resultsWithoutDatabase(selected: readonly Check[], error: unknown): Result[] {
  const diagnosis = diagnose(error);
  if (diagnosis === undefined) throw error;
  const { cause: have, remedy: fix } = diagnosis;
  const why = 'Without a database, no check can run.';
  return [
    {
      id: 'connect/target',
      title: 'The database can be opened',
      status: 'fail',
      durationMs: 0,
      findings: [{ have, want: 'a database', why, fix, severity: 'error' }],
    },
    ...selected.map((check) => skippedResult(check, 'not run: there is no database')),
  ];
}
