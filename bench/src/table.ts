/** Prints results as text. */
import type { Result } from './benchmark.ts';

/** The block of one benchmark: title, the median of each contestant, and whether the goal is reached. */
export function toBlock({ id, title, unit, values, ratio, goal, holds }: Result): string {
  const width = Math.max(...Object.keys(values).map((name) => name.length));
  const rows = Object.entries(values).map(
    ([name, value]) => `  ${name.padEnd(width)}  ${format(value).padStart(9)} ${unit}`,
  );
  const verdict = [
    ratio === null ? '' : `ratio ${ratio.toFixed(2)}`,
    goal === null ? '' : `goal: ${goal}`,
    holds === null ? '' : holds ? 'holds' : 'MISSED',
  ].filter(Boolean);
  return [`${title}  (${id})`, ...rows, ...(verdict.length > 0 ? [`  ${verdict.join(' · ')}`] : []), ''].join('\n');
}

/** The table of docs/benchmarks.md. */
export function toMarkdown(results: readonly Result[]): string {
  const rows = results.map(({ id, unit, values, ratio, goal, holds }) => {
    const { ours, ...others } = values;
    const otherValues = Object.entries(others).map(
      ([name, value]) => `${name} ${format(value)}${ours === undefined ? ` ${unit}` : ''}`,
    );
    const verdict = holds === null ? '' : holds ? 'yes' : '**no**';
    return [
      `\`${id}\``,
      ours === undefined ? '' : `${format(ours)} ${unit}`,
      otherValues.join(' · '),
      ratio?.toFixed(2) ?? '',
      goal ?? '',
      verdict,
    ];
  });
  const header = ['benchmark', 'ours', 'beside', 'ratio', 'goal', 'holds'];
  return [header, header.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/** Three digits or more: `1,206`, `117`, `90.0`. */
function format(value: number): string {
  return value >= 1000 ? Math.round(value).toLocaleString('en-US') : value.toFixed(value >= 100 ? 0 : 1);
}
