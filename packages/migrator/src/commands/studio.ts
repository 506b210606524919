/** `studio`: drizzle-kit's browser for the data, until Ctrl-C. */
import { Client } from 'pg';

import type { DatabaseDefinition } from '../database-definition.ts';
import { withDatabase } from './database.ts';
import { runDrizzleKit } from './drizzle-kit.ts';
import { CommandFailure, EXIT } from './failure.ts';
import { tcpConfig } from './tcp-config.ts';

/** Passes `flags` on to drizzle-kit. Ctrl-C is its ordinary end. */
export async function runStudio({ folder }: DatabaseDefinition, flags: readonly string[]): Promise<void> {
  const open = async (url: string, signal: AbortSignal) => {
    await tryToConnect(url);
    const exitCode = await runDrizzleKit(folder, ['studio', ...flags], { variables: { DATABASE_URL: url }, signal });
    if (exitCode === null || exitCode === 0) return;
    throw new CommandFailure(EXIT.failed, 'drizzle-kit studio ended; its message stands above.');
  };
  try {
    await withDatabase('data', open, { isLasting: true });
  } catch (error) {
    if (!(error instanceof CommandFailure) || error.exitCode !== EXIT.interrupted) throw error;
    process.exit(0);
  }
}

/** The studio itself would start all the same, and show its errors in the browser. */
async function tryToConnect(url: string): Promise<void> {
  const client = new Client(tcpConfig(url));
  try {
    await client.connect();
  } finally {
    await client.end();
  }
}
