/** The `verify` command: parses arguments, runs checks, writes reports. Standard output gets the report, standard error the rest. */
import type { Environment } from '@todo/client/environment';
import { CommanderError } from 'commander';

import type { App } from './app-definition.ts';
import type { Check } from './check.ts';
import { checksOf } from './checks/index.ts';
import { EXIT, exitCode } from './exit-code.ts';
import { listenForInterruption } from './interruption.ts';
import { type Options, parseRequest, type Request } from './options.ts';
import { explainCheck } from './report/explain.ts';
import { listChecks } from './report/list.ts';
import { startLiveLine } from './report/live-line.ts';
import type { Report } from './report/report.ts';
import { requireOneDocumentOnStdout, ReporterError, writeReports } from './report/reporters.ts';
import { summarize } from './result.ts';
import { AppError, loadApp } from './load-app.ts';
import { findCheck, selectChecks, SelectionError } from './select-checks.ts';
import { verify } from './verify.ts';
import { permitWriting, Refusal } from './write-permission.ts';

/** The part of `process` that is used. */
export type Terminal = Pick<NodeJS.Process, 'stdin' | 'stdout' | 'stderr' | 'exit'>;

/** Runs the command and returns the exit code. Rejects only because of a bug, or when a module is not installed or not built. */
export async function main(
  loadDefault: () => Promise<App>,
  argv: readonly string[],
  terminal: Terminal,
  environment: Environment,
): Promise<number> {
  const { stdout, stderr } = terminal;
  try {
    return await runRequest(loadDefault, parseRequest(argv, stdout, stderr), terminal, environment);
  } catch (error) {
    // Commander has printed its message. Help exits with 0.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.allPassed : EXIT.wrongUsage;
    if (!EXPECTED_ERRORS.some((type) => error instanceof type)) throw error;
    stderr.write(`${(error as Error).message}\n`);
    return error instanceof Refusal ? EXIT.refused : EXIT.wrongUsage;
  }
}

/** Errors whose message is enough for the user. */
const EXPECTED_ERRORS = [SelectionError, ReporterError, Refusal, AppError];

async function runRequest(
  loadDefault: () => Promise<App>,
  request: Request,
  terminal: Terminal,
  environment: Environment,
): Promise<number> {
  const { stdout } = terminal;
  if (request.kind === 'explain') {
    stdout.write(explainCheck(findCheck(checksOf(await loadDefault()), request.id), stdout));
    return EXIT.allPassed;
  }
  const { options } = request;
  const app = await (options.database === undefined ? loadDefault() : loadApp(options.database));
  requireOneDocumentOnStdout(options.reporter);
  const selected = selectChecks(checksOf(app), options);
  if (!options.list) return await runAndReport(app, selected, options, terminal, environment);
  stdout.write(listChecks(selected));
  return EXIT.allPassed;
}

async function runAndReport(
  app: App,
  selected: readonly Check[],
  options: Options,
  { stdin, stdout, stderr, exit }: Terminal,
  environment: Environment,
): Promise<number> {
  const startedAt = performance.now();
  const live = startLiveLine(selected.length, stderr);
  const interruption = listenForInterruption({
    onFirst: () => live.note('Interrupted: cleaning up. Press Ctrl-C again to exit at once.'),
    onSecond: () => {
      live.stop();
      exit(EXIT.interrupted);
    },
  });
  try {
    const { yes, strict, verbose } = options;
    const run = await verify({
      ...options,
      app,
      selected,
      permitWriting: (url) =>
        permitWriting(url, yes, { input: stdin, output: stderr, onInterrupt: interruption.interrupt }),
      environment,
      signal: interruption.signal,
      note: live.note,
      onStart: live.started,
      onEnd: live.ended,
    })
      .catch((error: unknown) => {
        // After an interruption, every error is a consequence of the interruption.
        if (!interruption.signal.aborted) throw error;
      })
      .finally(live.stop);
    if (interruption.signal.aborted || run === undefined) return EXIT.interrupted;
    const summary = summarize(run.results, performance.now() - startedAt);
    const report: Report = { ...run, summary, isStrict: strict };
    await writeReports(report, options.reporter, { stdout, isVerbose: verbose });
    if (options.debug) for (const { crash } of run.results) if (crash !== undefined) stderr.write(`${crash}\n`);
    return exitCode(report);
  } finally {
    interruption.stop();
  }
}
