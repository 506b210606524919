/** Reads the variables of this workspace from the process, or from the `.env` at the workspace root. The current folder does not matter. */
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseEnv } from 'node:util';

import { DatabaseUrlError } from './connection-url.ts';
import { findWorkspaceRoot } from './workspace-root.ts';

export { localUrl } from './local-url.ts';

export interface Environment {
  /** The workspace root: the nearest parent folder with a `pnpm-workspace.yaml`, or the starting folder. */
  readonly root: string;
  /** The `.env` that was read, if any. */
  readonly file: string | undefined;
  /** For the application: through Neon's pooler. */
  readonly databaseUrl: string | undefined;
  /** For migrations and other schema work: directly to the compute. */
  readonly databaseUrlUnpooled: string | undefined;
}

/**
 * Reads both URLs from the process, or from the file when the process has neither: a URL from the process and an unpooled URL from the file
 * could be two databases. An empty variable counts as not set, and hides the variable in the file.
 * @param cwd The folder where the search for the workspace root starts. Default: the current folder.
 * @throws {DatabaseUrlError} when the file exists but cannot be read. Without the file, another database could be used.
 */
export function loadEnvironment(cwd: string = process.cwd()): Environment {
  const root = findWorkspaceRoot(cwd) ?? resolve(cwd);
  const path = join(root, '.env');
  const hasUrlInProcess = (process.env.DATABASE_URL ?? process.env.DATABASE_URL_UNPOOLED) !== undefined;
  const file = !hasUrlInProcess && existsSync(path) ? path : undefined;
  const variables = file === undefined ? process.env : parseEnv(readEnvFile(file));
  return {
    root,
    file,
    databaseUrl: variables.DATABASE_URL || undefined,
    databaseUrlUnpooled: variables.DATABASE_URL_UNPOOLED || undefined,
  };
}

function readEnvFile(file: string): string {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw unreadableFileError(file, (error as Error).message, 'Make it a file that you may read');
  }
  if (text.includes('\0')) throw unreadableFileError(file, 'it is not UTF-8', 'Save it as UTF-8');
  // Remove the byte order mark that editors on Windows write: the mark would become part of the first name.
  return text.replace(/^\uFEFF/, '');
}

function unreadableFileError(file: string, why: string, remedy: string): DatabaseUrlError {
  const message = `${file} cannot be read: ${why}. ${remedy}, or set DATABASE_URL.`;
  return new DatabaseUrlError('DATABASE_URL_MISSING', message);
}
