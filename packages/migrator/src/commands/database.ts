/** Opens the database of a command: the one that the environment names, else the local Neon of this checkout. */
import { join } from 'node:path';

import { directHostOf, parseConnectionUrl } from '@todo/client/connection-url';
import { type Environment, loadEnvironment } from '@todo/client/environment';
import { maskUrl, readTarget } from '../connection/index.ts';
import { explainConnection } from './connection-failure.ts';
import { runUntilInterrupted } from './interrupt.ts';
import { printToStderr } from './output.ts';
import { findLocalNeonPackage, startLocalNeon } from './local-neon-package.ts';

/**
 * `schema` uses the unpooled URL. If only a pooled URL is set, it uses the host behind the pooler: a pooler loses locks and settings
 * between statements.
 */
export type Purpose = 'schema' | 'data';

export interface DatabaseOptions {
  /**
   * Whether the command runs until Ctrl-C. Then other commands may use the local Neon that it started. Otherwise they wait until it is
   * closed, because it may stop at any moment. Default false.
   */
  readonly isLongRunning?: boolean;
}

/**
 * Runs `work` on the database, and prints the database's name on standard error. A local Neon that was started for the command is closed
 * afterwards, also on Ctrl-C. Ctrl-C aborts the `AbortSignal` of `work`.
 */
export async function withDatabase<T>(
  purpose: Purpose,
  work: (url: string, signal: AbortSignal) => Promise<T>,
  options: DatabaseOptions = {},
): Promise<T> {
  const database = await runUntilInterrupted(() => openDatabase(purpose, options));
  try {
    return await runUntilInterrupted((signal) => work(database.url, signal));
  } catch (error) {
    throw explainConnection(error, database.url);
  } finally {
    await database.close();
  }
}

interface OpenDatabase {
  readonly url: string;
  close(): Promise<void>;
}

async function openDatabase(purpose: Purpose, options: DatabaseOptions): Promise<OpenDatabase> {
  const environment = loadEnvironment();
  const url = findConfiguredUrl(environment, purpose);
  return url === undefined ? openLocalNeon(environment, options) : { url, close: async () => {} };
}

/** The URL that the environment names; undefined if there is none. Prints the source of the URL on standard error. */
export function findConfiguredUrl(environment: Environment, purpose: Purpose): string | undefined {
  const configured = findConfiguredDatabase(environment, purpose);
  if (configured === undefined) return undefined;
  const url = new URL(readTarget(configured.url).url);
  const directHost = purpose === 'schema' ? directHostOf(url) : undefined;
  if (directHost !== undefined) url.hostname = directHost;
  const source = [
    environment.file === undefined ? configured.variable : `${configured.variable} in ${environment.file}`,
    directHost && 'without its pooler, which loses locks and settings between statements',
  ];
  printToStderr(`Database: ${maskUrl(url.href)} (${source.filter(Boolean).join(', ')})`);
  return url.href;
}

function findConfiguredDatabase({ databaseUrl, databaseUrlUnpooled }: Environment, purpose: Purpose) {
  const unpooled = { variable: 'DATABASE_URL_UNPOOLED', url: databaseUrlUnpooled };
  const pooled = { variable: 'DATABASE_URL', url: databaseUrl };
  const preferredFirst = purpose === 'schema' ? [unpooled, pooled] : [pooled, unpooled];
  return preferredFirst.find(({ url }) => url !== undefined);
}

async function openLocalNeon({ root }: Environment, options: DatabaseOptions): Promise<OpenDatabase> {
  const localNeon = await findLocalNeonPackage();
  // Without local Neon, a URL is required: this call throws an error with that message.
  if (localNeon === undefined) return { url: parseConnectionUrl(undefined).href, close: async () => {} };
  const { isLongRunning: isJoinable = false } = options;
  const neon = await startLocalNeon(localNeon, { dataDir: join(root, '.local-neon'), isJoinable });
  printToStderr(`Database: ${maskUrl(neon.url)} (DATABASE_URL is not set: the local Neon of this checkout)`);
  return neon;
}
