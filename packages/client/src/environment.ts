/** The variables of this workspace, from the process and from the `.env` at its root, wherever a program is started. */
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseEnv } from 'node:util';

import { DatabaseUrlError } from './connection-url.ts';
import { findWorkspaceRoot } from './workspace-root.ts';

export { localUrl } from './local-url.ts';

export interface Environment {
  /** The workspace root: the nearest folder upwards with a `pnpm-workspace.yaml`, else the starting folder. */
  readonly root: string;
  /** The `.env` that was read, if one was. */
  readonly file: string | undefined;
  /** For the application, through Neon's pooler. */
  readonly databaseUrl: string | undefined;
  /** For migrations and other work on the schema, directly to the compute. */
  readonly databaseUrlUnpooled: string | undefined;
}

/**
 * Reads the variables from the process, and from the file when the process has none of them: a URL of the one beside an
 * unpooled URL of the other could be two databases. An empty variable counts as not set, and hides the file's.
 * @param cwd Where to start looking for the workspace root. Default: the current folder.
 * @throws {DatabaseUrlError} when there is a file that cannot be read: another database would be taken for the one it names.
 */
export function loadEnvironment(cwd: string = process.cwd()): Environment {
  const root = findWorkspaceRoot(cwd) ?? resolve(cwd);
  const path = join(root, '.env');
  const isInProcess = (process.env.DATABASE_URL ?? process.env.DATABASE_URL_UNPOOLED) !== undefined;
  const file = !isInProcess && existsSync(path) ? path : undefined;
  const variables = file === undefined ? process.env : parseEnv(readText(file));
  return {
    root,
    file,
    databaseUrl: variables.DATABASE_URL || undefined,
    databaseUrlUnpooled: variables.DATABASE_URL_UNPOOLED || undefined,
  };
}

function readText(file: string): string {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw unreadable(file, (error as Error).message);
  }
  if (text.includes('\0')) throw unreadable(file, 'it is no UTF-8, as which it must be saved');
  // The mark that editors on Windows begin a file with would be a part of the first name.
  return text.replace(/^\uFEFF/, '');
}

function unreadable(file: string, why: string): DatabaseUrlError {
  return new DatabaseUrlError('DATABASE_URL_MISSING', `${file} cannot be read: ${why}. Mend it, or set DATABASE_URL.`);
}
