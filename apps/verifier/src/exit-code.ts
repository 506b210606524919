/** The exit codes of `verify`. */
import type { EXIT as COMMAND_EXIT } from '@todo/migrator/commands';

import type { Report } from './report/report.ts';

/** The codes of `pnpm db:*`. They are not imported: if the package of these commands is not built, `verify` must still exit with a code. */
export const EXIT = {
  allPassed: 0,
  /** A check failed, or warned with `--strict`. */
  failed: 1,
  wrongUsage: 2,
  couldNotConnect: 3,
  /** The run would write, and writing was not allowed. */
  refused: 4,
  ourBug: 70,
  interrupted: 130,
} as const satisfies typeof COMMAND_EXIT & { allPassed: 0 };

/** The checks of the transports. If one of them passes, the database can be reached. */
const TRANSPORTS = new Set(['connect/http', 'connect/websocket']);

/** Checks that fail when the database cannot be reached. */
export const CONNECTION_CHECKS: ReadonlySet<string> = new Set([
  'connect/target',
  'connect/reach',
  'connect/tls',
  'connect/auth',
  'env/url',
  ...TRANSPORTS,
]);

/** The reason why a check that writes did not run. `exitCode` compares reasons with it. */
export const NEEDS_WRITE = 'checks that write to the database run only with --write';

/** The exit code of a run. It is `refused` only if no check could run without `--write`. */
export function exitCode({ results, isStrict }: Pick<Report, 'results' | 'isStrict'>): number {
  const failed = results.filter(({ status }) => status === 'fail');
  if (results.some(({ crash }) => crash !== undefined)) return EXIT.ourBug;
  if (failed.some(({ id }) => CONNECTION_CHECKS.has(id)) && !isReached(results)) return EXIT.couldNotConnect;
  if (failed.length > 0) return EXIT.failed;
  if (isStrict && results.some(({ status }) => status === 'warn')) return EXIT.failed;
  return results.every(({ reason }) => reason === NEEDS_WRITE) ? EXIT.refused : EXIT.allPassed;
}

function isReached(results: Report['results']): boolean {
  return results.some(({ id, status }) => TRANSPORTS.has(id) && (status === 'pass' || status === 'warn'));
}
