/** The options of a server, parsed in the same way for every command. */
import { type Command, CommanderError, InvalidArgumentError, Option } from 'commander';

import { isLoopbackName } from '../listener/loopback-name.ts';
import { toOrigin } from '../listener/origin-policy.ts';
import type { StartOptions } from '../local-neon.ts';
import { toPostgresUrl } from '../postgres-url.ts';
import { WRONG_USAGE } from './exit-codes.ts';
import { createQueryLog } from './query-log.ts';

const DEFAULT_DATA = '.local-neon';

export interface ServerOptions {
  readonly data?: string;
  readonly port?: number;
  readonly allowOrigin?: readonly string[];
  readonly binDir?: string;
  readonly log?: 'queries';
  readonly postgres?: string;
}

/** Adds the options of a command that starts a server. */
export function addServerOptions(command: Command): Command {
  const postgres = new Option('--postgres <url>', 'use a running PostgreSQL server instead of starting one');
  postgres.argParser(parseUrl).conflicts(['data', 'binDir']);
  const log = new Option('--log <what>', 'print each query on standard error: transport, branch, duration, rows');
  log.choices(['queries']);
  return command
    .option(
      '--data <folder>',
      'keep the databases in this folder (default: temporary, removed at the end)',
      parseFolder,
    )
    .option(
      '--port <number>',
      'listen on this port of localhost (default: the port of the last run, else a free one)',
      parsePort,
    )
    .option('--host <name>', 'only localhost is accepted: the server always listens there', parseHost)
    .option(
      '--allow-origin <origin>',
      'allow web pages of this origin, such as http://localhost:3000; may be repeated (default: none)',
      parseOrigins,
    )
    .option('--bin-dir <folder>', "use another PostgreSQL's programs, 15 or later (default: the packaged ones)")
    .addOption(postgres)
    .addOption(log);
}

/** The option of a command for a running server. */
export function dataOption(): Option {
  return new Option('--data <folder>', 'the folder of the running server').argParser(parseFolder).default(DEFAULT_DATA);
}

/** The options of the command as those of `startLocalNeon`. */
export function toStartOptions({ data, log, port, allowOrigin, binDir, postgres }: ServerOptions): StartOptions {
  const onQuery = log && createQueryLog(process.stderr);
  return { dataDir: data, port, allowOrigin, binDir, postgres, onQuery };
}

/** Returns a PostgreSQL URL that `URL` can parse. Throws for any other text. */
export function parseUrl(text: string): string {
  const url = toPostgresUrl(text);
  if (url !== undefined) return url;
  // Not InvalidArgumentError: commander would print the argument, which may hold a password.
  throw new CommanderError(
    WRONG_USAGE,
    'local-neon.url',
    'not a PostgreSQL URL, such as postgresql://user:password@localhost:5454/todo',
  );
}

/** Refuses an empty text, such as an unset shell variable: it would mean the current folder. */
function parseFolder(folder: string): string {
  if (folder === '') throw new InvalidArgumentError('Use the path of a folder.');
  return folder;
}

function parsePort(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port >= 1 && port <= 65535) return port;
  throw new InvalidArgumentError('Use a number from 1 to 65535.');
}

function parseHost(host: string): string {
  if (isLoopbackName(host)) return host;
  throw new InvalidArgumentError('The server listens on localhost only, for programs on this machine. Omit --host.');
}

/** Adds an origin to those of earlier `--allow-origin` options. */
function parseOrigins(text: string, earlier: readonly string[] = []): readonly string[] {
  try {
    return [...earlier, toOrigin(text)];
  } catch {
    throw new InvalidArgumentError('Use an origin without a path, such as http://localhost:3000');
  }
}
