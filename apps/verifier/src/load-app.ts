/** Loads the definition of an application's database, and its own checks: of this repository, or from the module that `--database` names. */
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

import { type DatabaseDefinition, loadFailure } from '@todo/migrator';

import type { App } from './app-definition.ts';
import { isModuleMissing } from './module-missing.ts';

/** The module cannot be loaded, or exports no definition. */
export class AppError extends Error {
  override readonly name = 'AppError';
}

/** Loads the application of this repository. @throws {AppError} when that fails, except for a module that is not installed or not built. */
export async function loadOwnApp(): Promise<App> {
  try {
    return (await import('./app.ts')).app;
  } catch (error) {
    if (isModuleMissing(error)) throw error;
    throw new AppError(loadFailure('The application', error), { cause: error });
  }
}

/** Loads the definition and the checks that a module exports. @throws {AppError} when that fails, or there is no definition. */
export async function loadApp(path: string): Promise<App> {
  const { database, checks = [] } = await importModule(path);
  if (!isDefinition(database)) {
    throw new AppError(`${path} must export \`database\`, a DatabaseDefinition of @todo/migrator.`);
  }
  return { database, checks };
}

async function importModule(path: string): Promise<Partial<App>> {
  try {
    return (await import(pathToFileURL(resolve(path)).href)) as Partial<App>;
  } catch (error) {
    throw new AppError(loadFailure(path, error), { cause: error });
  }
}

/** Whether the value has the fields that every check uses. */
function isDefinition(value: unknown): value is DatabaseDefinition {
  const { schema, migrations, folder } = Object(value) as Partial<DatabaseDefinition>;
  return typeof schema === 'object' && typeof migrations === 'string' && typeof folder === 'string';
}
