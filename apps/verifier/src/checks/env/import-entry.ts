import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { type Check, type Finding, verdict } from '../../check.ts';
import { errorChain } from '../../error-chain.ts';

export const importEntry: Check = {
  id: 'env/import-entry',
  title: '@todo/db can be imported the way its README says',
  method: 'A dynamic import of every path that its package.json exports.',
  why: 'The application ends with ERR_MODULE_NOT_FOUND before its first query.',
  remedy: 'Build first (pnpm build), and import one of the paths that packages/db/package.json exports.',
  severity: 'error',
  mode: 'local',
  run: async () => {
    const specifiers = await readExports();
    const tried = await Promise.all(specifiers.map(tryImport));
    return verdict(tried.flat(), specifiers.join(', '));
  },
};

async function readExports(): Promise<string[]> {
  // dist/index.js, two levels below the package.
  const folder = dirname(dirname(fileURLToPath(import.meta.resolve('@todo/db'))));
  const { exports } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as { exports: object };
  return Object.keys(exports).map((path) => `@todo/db${path.slice(1)}`);
}

export async function tryImport(specifier: string): Promise<Finding[]> {
  try {
    const names = Object.keys((await import(specifier)) as object);
    return names.length > 0 ? [] : [{ have: `${specifier} exports nothing`, want: 'what it is for' }];
  } catch (error) {
    const { message = String(error), code = '' } = errorChain(error)[0] ?? {};
    return [{ have: `${specifier}: ${[code, message].filter(Boolean).join(' ')}`, want: 'a module' }];
  }
}
