/** The list of checks, for `--list`. */
import { type Check, type Mode, severityOf } from '../check.ts';

export const MODES: Record<Mode, string> = {
  local: 'local',
  reads: 'reads',
  'rolls-back': 'writes, rolls back',
  commits: 'writes, removes',
};

/** A line per check: id, mode, severity, guarantee. */
export function listChecks(checks: readonly Check[]): string {
  const width = Math.max(...checks.map(({ id }) => id.length));
  return checks
    .map((check) => {
      const { id, mode, title } = check;
      return `${[id.padEnd(width), MODES[mode].padEnd(18), severityOf(check).padEnd(7), title].join('  ')}\n`;
    })
    .join('');
}
