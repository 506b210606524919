/** `--reporter name[=file]`: the reporters, and where each report is written. */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

import { githubReport } from './github.ts';
import { htmlReport } from './html.ts';
import { jsonReport } from './json.ts';
import { junitReport } from './junit.ts';
import { markdownReport } from './markdown.ts';
import type { TerminalStream } from './terminal-stream.ts';
import type { Report } from './report.ts';
import { terminalReport } from './terminal.ts';

export interface Reporter {
  readonly name: keyof typeof REPORTERS;
  /** Standard output unless given. */
  readonly file?: string;
}

/** A file gets the same text as a pipe: no colors, no wrapped lines. */
export const REPORTERS = {
  terminal: (report: Report) => terminalReport(report, { stream: {} }),
  json: jsonReport,
  junit: junitReport,
  github: githubReport,
  markdown: markdownReport,
  html: htmlReport,
} as const satisfies Record<string, (report: Report) => string>;

/** A report cannot be written: two documents on one standard output, or a file that cannot be written. */
export class ReporterError extends Error {
  override readonly name = 'ReporterError';
}

/** Parses `name[=file]`. Undefined when there is no such reporter. */
export function parseReporter(text: string): Reporter | undefined {
  const [name = '', ...file] = text.split('=');
  if (!isReporter(name)) return undefined;
  return file.length === 0 ? { name } : { name, file: file.join('=') };
}

function isReporter(name: string): name is Reporter['name'] {
  return Object.hasOwn(REPORTERS, name);
}

/** Reporters that may share standard output. GitHub finds its commands between other lines; every other format is one document. */
const MAY_SHARE_STDOUT = new Set<Reporter['name']>(['terminal', 'github']);

/** @throws {ReporterError} when standard output would hold more than one document. */
export function requireOneDocumentOnStdout(reporters: readonly Reporter[]): void {
  const printed = reporters.filter(({ file }) => file === undefined).map(({ name }) => name);
  if (printed.length > 1 && printed.some((name) => !MAY_SHARE_STDOUT.has(name))) {
    throw new ReporterError(
      `${printed.join(' and ')} cannot go to the same standard output. Write one to a file: --reporter name=file.`,
    );
  }
}

export interface Output {
  readonly stdout: TerminalStream & { write(text: string): unknown };
  readonly isVerbose: boolean;
}

/**
 * Writes the files, then standard output. There, the report for people comes last, unless standard output gets another document.
 * @throws {ReporterError} when a file cannot be written.
 */
export async function writeReports(
  report: Report,
  reporters: readonly Reporter[],
  { stdout, isVerbose }: Output,
): Promise<void> {
  for (const { name, file } of reporters) if (file !== undefined) await saveReport(file, REPORTERS[name](report));
  const printed = reporters.filter(({ file, name }) => file === undefined && name !== 'terminal');
  for (const { name } of printed) stdout.write(REPORTERS[name](report));
  if (printed.every(({ name }) => MAY_SHARE_STDOUT.has(name))) {
    stdout.write(terminalReport(report, { stream: stdout, isVerbose }));
  }
}

async function saveReport(file: string, text: string): Promise<void> {
  try {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new ReporterError(`The report could not be written to ${file}: ${code}. Choose another file.`);
  }
}
