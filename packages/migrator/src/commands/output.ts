/** Lines on the terminal. Standard output belongs to the result of a command, standard error to everything else. */

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
