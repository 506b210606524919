/** Finds the running server that a command needs. */
import { resolve } from 'node:path';

import { LocalNeonError } from '../error.ts';
import { readRunningServer, type RunningServer } from '../running-server.ts';

/** The server that runs on the folder. Throws `NOT_RUNNING` when none runs. */
export async function requireRunning(dataFolder: string): Promise<RunningServer> {
  const server = await readRunningServer(resolve(dataFolder));
  if (server) return server;
  throw new LocalNeonError('NOT_RUNNING', notRunningMessage(dataFolder));
}

export function notRunningMessage(dataFolder: string): string {
  return `No local Neon runs on the data in ${dataFolder}. Start a server: local-neon --data ${quoteForShell(dataFolder)}`;
}

/** Quotes an argument for a command that is shown to the user. */
export function quoteForShell(text: string): string {
  return /^[\w./-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
