/** Loads `@todo/local-neon`, a development dependency. */
import type { LocalNeon, StartOptions } from '@todo/local-neon';

import { CommandFailure, EXIT } from './failure.ts';

type LocalNeonPackage = typeof import('@todo/local-neon');

/** Loads the package. Returns undefined if it is not installed, as in an image that only migrates. */
export async function findLocalNeonPackage(): Promise<LocalNeonPackage | undefined> {
  return import('@todo/local-neon').catch(ignoreNotInstalled);
}

/** Loads the module that notices when the program that started this one has ended. Returns undefined if it is not installed. */
export async function findParentWatch(): Promise<typeof import('@todo/local-neon/parent-watch') | undefined> {
  return import('@todo/local-neon/parent-watch').catch(ignoreNotInstalled);
}

/** Starts local Neon. @throws {CommandFailure} if it cannot start. */
export function startLocalNeon(localNeon: LocalNeonPackage, options: StartOptions = {}): Promise<LocalNeon> {
  return localNeon.startLocalNeon(options).catch((error: unknown) => {
    if (!(error instanceof localNeon.LocalNeonError)) throw error;
    throw new CommandFailure(EXIT.couldNotConnect, error.message, { cause: error });
  });
}

function ignoreNotInstalled(error: unknown): undefined {
  if (Object(error).code === 'ERR_MODULE_NOT_FOUND') return undefined;
  throw error;
}
