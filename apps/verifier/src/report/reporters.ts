/** `--reporter name[=file]`: what there is, and where it goes. */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

import { githubReport } from './github.ts';
import { htmlReport } from './html.ts';
import { jsonReport } from './json.ts';
import { junitReport } from './junit.ts';
import { markdownReport } from './markdown.ts';
import type { Paper } from './paper.ts';
import type { Report } from './report.ts';
import { terminalReport } from './terminal.ts';

export interface Reporter {
  readonly name: keyof typeof REPORTERS;
  /** Standard output unless given. */
  readonly file?: string;
}

/** A file gets what a pipe would: no colors, no wrapped lines. */
export const REPORTERS = {
  terminal: (report: Report) => terminalReport(report, { paper: {} }),
  json: jsonReport,
  junit: junitReport,
  github: githubReport,
  markdown: markdownReport,
  html: htmlReport,
} as const satisfies Record<string, (report: Report) => string>;

/** What was asked for cannot be done: two documents on one standard output, a file that cannot be written. */
export class ReporterError extends Error {
  override readonly name = 'ReporterError';
}

/** Undefined when there is no such reporter. */
export function parseReporter(text: string): Reporter | undefined {
  const [name = '', ...file] = text.split('=');
  if (!isReporter(name)) return undefined;
  return file.length === 0 ? { name } : { name, file: file.join('=') };
}

function isReporter(name: string): name is Reporter['name'] {
  return Object.hasOwn(REPORTERS, name);
}

/** GitHub reads its lines out of any log; the others are one document. */
const SHARES = new Set<Reporter['name']>(['terminal', 'github']);

/** @throws {ReporterError} when standard output would hold more than one document. */
export function refuseTwoOnStandardOutput(reporters: readonly Reporter[]): void {
  const printed = reporters.filter(({ file }) => file === undefined).map(({ name }) => name);
  if (printed.length > 1 && printed.some((name) => !SHARES.has(name))) {
    throw new ReporterError(`${printed.join(' and ')} cannot both go to standard output: write --reporter name=file.`);
  }
}

export interface Paperwork {
  readonly stdout: Paper & { write(text: string): unknown };
  readonly isVerbose: boolean;
}

/**
 * Writes them all: what goes to files, then to standard output, where the report for people comes last. It stands there
 * unless another document does.
 * @throws {ReporterError} when a file cannot be written.
 */
export async function writeReports(
  report: Report,
  reporters: readonly Reporter[],
  { stdout, isVerbose }: Paperwork,
): Promise<void> {
  for (const { name, file } of reporters) if (file !== undefined) await save(file, REPORTERS[name](report));
  const printed = reporters.filter(({ file, name }) => file === undefined && name !== 'terminal');
  for (const { name } of printed) stdout.write(REPORTERS[name](report));
  if (printed.every(({ name }) => SHARES.has(name))) {
    stdout.write(terminalReport(report, { paper: stdout, isVerbose }));
  }
}

async function save(file: string, text: string): Promise<void> {
  try {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  } catch (error) {
    throw new ReporterError(`The report could not be written to ${file}: ${(error as NodeJS.ErrnoException).code}`);
  }
}
