/** `studio`: runs drizzle-kit's browser for the data until Ctrl-C. */
import { kitUrl } from '../connection/kit-url.ts';
import type { DatabaseDefinition } from '../database-definition.ts';
import { withClient } from './connect.ts';
import { withDatabase } from './database.ts';
import { runDrizzleKit } from './drizzle-kit.ts';
import { CommandFailure, EXIT } from './failure.ts';

/** Passes `flags` on to drizzle-kit. Ctrl-C ends the studio without an error. */
export async function runStudio({ folder }: DatabaseDefinition, flags: readonly string[]): Promise<void> {
  const runStudioOn = async (url: string, signal: AbortSignal) => {
    // Without this connection, the studio would start also with a wrong URL, and show the error in the browser.
    const variables = { DATABASE_URL: await withClient(url, (client) => kitUrl(url, client)) };
    const exitCode = await runDrizzleKit(folder, ['studio', ...flags], { variables, signal });
    if (exitCode === null || exitCode === 0) return;
    throw new CommandFailure(EXIT.failed, 'drizzle-kit studio failed; its message is printed above.');
  };
  try {
    await withDatabase('data', runStudioOn, { isLongRunning: true });
  } catch (error) {
    if (!(error instanceof CommandFailure) || error.exitCode !== EXIT.interrupted) throw error;
    process.exit(0);
  }
}
