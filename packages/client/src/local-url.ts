/** Finds the local database of a developer's checkout. */
import { join } from 'node:path';

import { findWorkspaceRoot } from './workspace-root.ts';

/**
 * The URL of the local Neon that `pnpm db:dev` or `pnpm dev` runs for this checkout; undefined outside a checkout, or when none runs.
 * Always undefined with `NODE_ENV=production`: a server that was deployed without its URL must fail, not use another database. Starts
 * nothing.
 * @param cwd The folder where the search for the workspace root starts. Default: the current folder.
 * @throws {LocalNeonError} `DATA_DIRECTORY_UNUSABLE` when other users may write in the folder that names the server.
 * @example
 * const db = connectHttp(process.env.DATABASE_URL ?? (await localUrl()));
 */
export async function localUrl(cwd: string = process.cwd()): Promise<string | undefined> {
  const root = process.env.NODE_ENV === 'production' ? undefined : findWorkspaceRoot(cwd);
  if (root === undefined) return undefined;
  const localNeon = await findLocalNeonPackage();
  return await localNeon?.findLocalNeon(join(root, '.local-neon'));
}

/** The package, or undefined outside a checkout: it is a development dependency. */
async function findLocalNeonPackage(): Promise<typeof import('@todo/local-neon') | undefined> {
  try {
    return await import('@todo/local-neon');
  } catch (error) {
    if (Object(error).code === 'ERR_MODULE_NOT_FOUND') return undefined;
    throw error;
  }
}
