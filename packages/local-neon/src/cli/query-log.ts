/** `--log queries`: prints a line for each query on standard error. */
import type { OnQuery } from '../query-events/query-event.ts';

export interface Terminal {
  /** Characters in a line. Undefined when the output is not a terminal: then lines are not truncated. */
  readonly columns?: number;
  write(text: string): unknown;
}

const BRANCH_WIDTH_MIN = 8;
const STATEMENT_WIDTH_MIN = 20;

/** Prints these columns: transport, branch (as wide as the longest so far), duration, rows or SQLSTATE, statement. */
export function createQueryLog(terminal: Terminal): OnQuery {
  let branchWidth = BRANCH_WIDTH_MIN;
  return ({ transport, branch, durationMs, rowCount, error, statement }) => {
    const name = toOneLine(branch);
    branchWidth = Math.max(branchWidth, name.length);
    const columns = [
      transport.padEnd('websocket'.length),
      name.padEnd(branchWidth),
      `${durationMs.toFixed(1)} ms`.padStart(10),
      (error === undefined ? describeRows(rowCount) : `error ${error}`).padStart('error 00000'.length),
    ].join('  ');
    terminal.write(`${columns}  ${shorten(toOneLine(statement), columns.length + 2, terminal.columns)}\n`);
  };
}

function describeRows(count: number | null): string {
  if (count === null) return '-';
  return count === 1 ? '1 row' : `${count} rows`;
}

/** Replaces line breaks and control characters, which could move the cursor. */
function toOneLine(text: string): string {
  return text.replaceAll(/[\s\p{Cc}]+/gu, ' ').trim();
}

function shorten(text: string, indent: number, columns: number | undefined): string {
  if (columns === undefined) return text;
  const room = Math.max(columns - indent, STATEMENT_WIDTH_MIN);
  const characters = Array.from(text);
  return characters.length <= room ? text : `${characters.slice(0, room - 1).join('')}…`;
}
