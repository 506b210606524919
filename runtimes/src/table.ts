/** The table of results, between two markers in README.md. */
import { readFile, writeFile } from 'node:fs/promises';

import { pathInFolder } from './folder.js';
import { CASE_NAMES } from './cases/index.js';
import type { Row } from './rows/row.js';

/** The result of a case or of the API's tests: the text of a cell of the table, and a message for below the table. */
export interface Finding {
  readonly cell: 'works' | 'refused' | 'fails' | 'not run';
  readonly message?: string;
}

/** Findings by the name of the row, then of the column. */
export type Findings = ReadonlyMap<string, ReadonlyMap<string, Finding>>;

export const API_COLUMNS = { http: 'API over HTTP', websocket: 'API over WebSocket' } as const;
const COLUMNS = [...CASE_NAMES, ...Object.values(API_COLUMNS)];

const README = pathInFolder('README.md');
const [BEGIN, END] = ['<!-- results: written by `pnpm test:runtimes --write` -->', '<!-- end of results -->'];

/** The table, and below it each message with the rows and columns that have the message. */
export function renderTable(rows: readonly Row[], findings: Findings): string {
  const found = ({ name }: Row, column: string): Finding => findings.get(name)?.get(column) ?? { cell: 'not run' };
  const lines = rows.map((row) => [row.name, row.version, ...COLUMNS.map((column) => found(row, column).cell)]);
  const messages = new Map<string, string[]>();
  for (const row of rows) {
    for (const column of COLUMNS) {
      const { message } = found(row, column);
      if (message !== undefined) messages.set(message, [...(messages.get(message) ?? []), `${row.name}: ${column}`]);
    }
  }
  const notes = [...messages].map(([message, places]) => `${places.join('; ')}:\n\n> ${message}\n`);
  return [markdownTable([['runtime', 'version', ...COLUMNS], ...lines]), ...notes].join('\n');
}

/** A Markdown table whose columns are aligned as oxfmt aligns them. */
function markdownTable([heading = [], ...lines]: readonly (readonly string[])[]): string {
  const all = [heading, ...lines];
  const widths = heading.map((_, index) => Math.max(3, ...all.map((line) => line[index]?.length ?? 0)));
  const row = (cells: readonly string[]) =>
    `| ${cells.map((cell, index) => cell.padEnd(widths[index] ?? 0)).join(' | ')} |\n`;
  return [row(heading), row(widths.map((width) => '-'.repeat(width))), ...lines.map(row)].join('');
}

/** The table in README.md. */
export async function readTable(): Promise<string> {
  const readme = await readFile(README, 'utf8');
  return readme.split(BEGIN)[1]?.split(END)[0]?.trim() ?? '';
}

export async function writeTable(table: string): Promise<void> {
  const readme = await readFile(README, 'utf8');
  const [before = '', after = ''] = [readme.split(BEGIN)[0], readme.split(END)[1]];
  await writeFile(README, `${before}${BEGIN}\n\n${table.trim()}\n\n${END}${after}`);
}
