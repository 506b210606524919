/** Runs checks on a database in this process. */
import type { App } from '../src/app-definition.ts';
import { app as ours } from '../src/app.ts';
import type { Check } from '../src/check.ts';
import { checksOf } from '../src/checks/index.ts';
import { openContext } from '../src/open-context.ts';
import type { Result } from '../src/result.ts';
import { runChecks } from '../src/run-checks.ts';
import { selectChecks } from '../src/select-checks.ts';
import type { Target } from '../src/target.ts';
import { twoTables } from './two-tables/two-tables.ts';

/** All checks of this repository's application. */
export const checks: readonly Check[] = checksOf(ours);

export interface ProveOptions {
  /** Another application to check. Default: this repository's. */
  readonly app?: App;
  readonly only?: readonly string[];
  /** An intact migrated database, for comparison. */
  readonly shadow?: string;
  readonly mayWrite?: boolean;
}

export async function prove(url: string, options: ProveOptions = {}): Promise<Result[]> {
  const { app = ours, only = [], shadow = url, mayWrite = false } = options;
  const catalog = checksOf(app);
  const { contextFor, prepareToWrite, close } = await openContext(app, targetOf(url, shadow, mayWrite));
  try {
    return await runChecks(selectChecks(catalog, { only }), { catalog, contextFor, mayWrite, prepareToWrite });
  } finally {
    await close();
  }
}

/** Runs checks on a database of the two tables, which stay the same when the app's own schema grows. */
export async function proveTwoTables(url: string, options: Omit<ProveOptions, 'app'> = {}): Promise<Result[]> {
  return await prove(url, { app: twoTables, ...options });
}

export function targetOf(url: string, shadow: string, mayWrite = true): Target {
  return { url, clientUrl: url, source: '--url', mayWrite, shadow: async () => shadow, close: async () => {} };
}

/** The ids of the checks that did not pass, each with the commands and the SQL that it offers. */
export function remedies(results: readonly Result[]): Record<string, string> {
  const found = results.filter(({ findings = [] }) => findings.length > 0);
  return Object.fromEntries(found.map(({ id, findings = [] }) => [id, findings.map(({ fix }) => fix).join('\n')]));
}
