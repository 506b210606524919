/** Prints lines: the result of a command on standard output, everything else on standard error. */

export function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

export function printToStderr(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** The lines below a heading, each with a newline. */
export function indentLines(lines: readonly string[]): string {
  return lines.map((line) => `  ${line}\n`).join('');
}

/** Such as `1 migration` or `3 rows`. */
export function formatCount(count: number, unit: string): string {
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
}
