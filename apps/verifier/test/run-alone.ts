/** Runs one check on a test database, with clients that a test replaces. */
import { testBranch } from '@todo/local-neon/vitest';

import { app } from '../src/app.ts';
import type { Check, Context } from '../src/check.ts';
import { openContext } from '../src/open-context.ts';
import { runCheck } from '../src/run-check.ts';
import { execute } from './database.ts';
import { targetOf } from './prove.ts';

/** Runs the check without the run that would clean up. Returns the result of the check. */
export async function runAlone(check: Check, replace: (context: Context) => object, poison: readonly string[] = []) {
  const { url } = await testBranch();
  await execute(url, ...poison);
  const { contextFor, close } = await openContext(app, targetOf(url, url));
  try {
    const context = contextFor({ step: () => {}, show: () => {} });
    const result = await runCheck(check, {
      contextFor: () => ({ ...context, ...replace(context) }),
      timeLimitMs: 30_000,
    });
    return { ...result, rows: await execute(url, 'select email from "user" union all select title from todo') };
  } finally {
    await close();
  }
}
