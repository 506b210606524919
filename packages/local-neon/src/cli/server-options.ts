/** The options that say which server is meant, read alike by every command. */
import { type Command, CommanderError, InvalidArgumentError, Option } from 'commander';

import type { StartOptions } from '../local-neon.ts';
import { toPostgresUrl } from '../postgres-url.ts';
import { createQueryLog } from './query-log.ts';
import { isLoopbackName } from '../listener/loopback-name.ts';
import { toOrigin } from '../listener/origin-policy.ts';

export const DEFAULT_DATA = '.local-neon';
export const WRONG_USAGE = 2;

export interface ServerOptions {
  readonly data?: string;
  readonly port?: number;
  readonly allowOrigin?: readonly string[];
  readonly binDir?: string;
  readonly log?: 'queries';
  readonly postgres?: string;
}

/** The options of a command that starts a server. */
export function addServerOptions(command: Command): Command {
  return command
    .option('--data <folder>', 'keep the databases in this folder (default: temporary, gone at the end)', parseFolder)
    .option(
      '--port <number>',
      'listen on this port of localhost (default: the one of the last run, else a free one)',
      parsePort,
    )
    .option('--host <name>', 'accepted for localhost only, which is where it listens', parseHost)
    .option(
      '--allow-origin <origin>',
      'let web pages of this origin in, such as http://localhost:3000; may be repeated (default: none)',
      parseOrigins,
    )
    .option('--bin-dir <folder>', "use another PostgreSQL's programs, 15 or later (default: the packaged ones)")
    .addOption(
      new Option('--postgres <url>', 'stand in front of a PostgreSQL that already runs, instead of starting one')
        .argParser(parseUrl)
        .conflicts(['data', 'binDir']),
    )
    .addOption(
      new Option('--log <what>', 'print each query on standard error: transport, branch, duration, rows').choices([
        'queries',
      ]),
    );
}

/** The option of a command for a server that already runs. */
export function dataOption(): Option {
  return new Option('--data <folder>', 'the folder of the running server').argParser(parseFolder).default(DEFAULT_DATA);
}

export function toStartOptions({ data, port, allowOrigin, binDir, log, postgres }: ServerOptions): StartOptions {
  return {
    ...(data === undefined ? {} : { dataDir: data }),
    ...(port === undefined ? {} : { port }),
    ...(binDir === undefined ? {} : { binDir }),
    ...(postgres === undefined ? {} : { postgres }),
    ...(log === undefined ? {} : { onQuery: createQueryLog(process.stderr) }),
    ...(allowOrigin === undefined ? {} : { allowOrigin }),
  };
}

/** Of a PostgreSQL server. */
export function parseUrl(text: string): string {
  const url = toPostgresUrl(text);
  if (url !== undefined) return url;
  // It may hold a password, and commander repeats an argument that is called invalid.
  throw new CommanderError(
    WRONG_USAGE,
    'local-neon.url',
    'the URL given is none of PostgreSQL, such as postgresql://user:password@localhost:5454/todo',
  );
}

/** A shell variable that is not set would be the current folder. */
function parseFolder(folder: string): string {
  if (folder === '') throw new InvalidArgumentError('It names no folder.');
  return folder;
}

function parsePort(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port >= 1 && port <= 65535) return port;
  throw new InvalidArgumentError('It is a number from 1 to 65535.');
}

function parseHost(host: string): string {
  if (isLoopbackName(host)) return host;
  throw new InvalidArgumentError('It listens on loopback only: a local Neon is for programs on this machine.');
}

function parseOrigins(text: string, earlier: readonly string[] = []): readonly string[] {
  try {
    return [...earlier, toOrigin(text)];
  } catch {
    throw new InvalidArgumentError('It is an origin such as http://localhost:3000, without a path.');
  }
}
