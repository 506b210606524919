#!/usr/bin/env node
/** `pnpm verify`: proves a todo database end to end. The report goes to standard output, everything else to standard error. */
import { loadEnvironment } from '@todo/db/environment';
import { Command, CommanderError, Option } from 'commander';
import pc from 'picocolors';

import { checks } from './checks/index.ts';
import { EXIT, exitCode } from './exit-code.ts';
import { listenForInterruption } from './interruption.ts';
import { jsonReport } from './report/json.ts';
import { listChecks } from './report/list.ts';
import { startLiveLine } from './report/live-line.ts';
import { terminalReport } from './report/terminal.ts';
import { type Result, summarize } from './result.ts';
import { selectChecks, SelectionError } from './select-checks.ts';
import { verify } from './verify.ts';

interface Flags {
  readonly url?: string;
  readonly only?: string[];
  readonly skip?: string[];
  readonly list?: true;
  readonly verbose: boolean;
  readonly reporter: 'terminal' | 'json';
  readonly write: boolean;
  readonly debug: boolean;
}

const split = (value: string, before: string[] = []): string[] => [...before, ...value.split(',')];

const program = new Command('verify')
  .description('Proves a todo database end to end: --url, else DATABASE_URL, else a fresh Neon on this machine.')
  .option('--url <url>', 'the database to verify')
  .option('--only <ids...>', 'these checks or groups, such as schema/index-missing, schema or schema/*', split)
  .option('--skip <ids...>', 'not these', split)
  .option('--list', 'list the checks and stop')
  .option('-v, --verbose', 'also print what was seen and done', false)
  .addOption(
    new Option('--reporter <name>', 'how to print the report').choices(['terminal', 'json']).default('terminal'),
  )
  .option('--write', 'let checks write to that database; they remove what they wrote', false)
  .option('--debug', 'print the stack of an error that nobody foresaw', false)
  .exitOverride();

// Whoever reads the report may stop reading, as `head` does.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

process.exitCode = await main();
// A statement that hangs would keep the process alive for as long as it hangs.
setTimeout(() => process.exit(), 1000).unref();

async function main(): Promise<number> {
  try {
    const flags = program.parse().opts<Flags>();
    const selected = selectChecks(checks, flags);
    if (!flags.list) return await run(selected, flags);
    process.stdout.write(listChecks(selected));
    return EXIT.allPassed;
  } catch (error) {
    return explain(error);
  }
}

async function run(selected: typeof checks, flags: Flags): Promise<number> {
  const startedAt = performance.now();
  const live = startLiveLine(selected.length, process.stderr);
  const signal = listenForInterruption({
    onFirst: () => live.note('Interrupted: cleaning up. Once more to leave at once.'),
    onSecond: () => {
      live.stop();
      process.exit(EXIT.interrupted);
    },
  });
  const results = await verify({
    selected,
    url: flags.url,
    write: flags.write,
    environment: loadEnvironment(),
    signal,
    note: live.note,
    onStart: live.started,
    onEnd: live.ended,
  }).finally(live.stop);
  if (signal.aborted) return EXIT.interrupted;
  process.stdout.write(report(results, performance.now() - startedAt, flags));
  if (flags.debug) for (const { crash } of results) if (crash !== undefined) note(crash);
  return exitCode(results);
}

function report(results: readonly Result[], durationMs: number, { reporter, verbose }: Flags): string {
  const summary = summarize(results, durationMs);
  if (reporter === 'json') return jsonReport(results, summary);
  // `hasColors` knows NO_COLOR and what the terminal can do.
  const colors = pc.createColors(process.stdout.isTTY && process.stdout.hasColors());
  return terminalReport(results, summary, { colors, verbose });
}

function explain(error: unknown): number {
  // It has printed what it had to say. Help is no error.
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.allPassed : EXIT.wrongUsage;
  if (error instanceof SelectionError) {
    note(error.message);
    return EXIT.wrongUsage;
  }
  note(`Unexpected: ${error instanceof Error ? error.message : String(error)}`);
  note('This is a bug of the verifier; it says nothing about the database.');
  if (program.opts<Flags>().debug && error instanceof Error) note(error.stack ?? '');
  return EXIT.ourBug;
}

function note(line: string): void {
  process.stderr.write(`${line}\n`);
}
