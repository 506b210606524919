import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { z } from 'zod';

import { type Check, type Finding, verdict } from '../../check.ts';
import { errorChain } from '../../error-chain.ts';

export const importEntry: Check = {
  id: 'env/import-entry',
  title: 'Every exported path of the schema package can be imported',
  method: 'Imports every path in the `exports` of its package.json.',
  why: 'The application fails with ERR_MODULE_NOT_FOUND before its first query.',
  remedy: 'Run pnpm build, and import only paths in the `exports` of the package.json of the schema package.',
  mode: 'local',
  run: async ({ database: { folder } }) => {
    const specifiers = await readExports(folder);
    if (specifiers.length === 0) return { kind: 'not-applicable', reason: 'the schema is not in a package of its own' };
    const findings = await Promise.all(specifiers.map((specifier) => tryImport(specifier, folder)));
    return verdict(findings.flat(), specifiers.join(', '));
  },
};

const Package = z.object({ name: z.string(), exports: z.record(z.string(), z.unknown()) });

/** The import paths of the package, such as `@todo/db/schema`. Empty if the folder has no package.json with `exports`. */
async function readExports(folder: string): Promise<string[]> {
  const text = await readFile(join(folder, 'package.json'), 'utf8').catch(() => 'null');
  const { data } = Package.safeParse(JSON.parse(text));
  return data === undefined ? [] : Object.keys(data.exports).map((path) => `${data.name}${path.slice(1)}`);
}

/** A finding if the specifier cannot be imported from the folder, or exports nothing. A package may import itself by its name. */
export async function tryImport(specifier: string, folder: string): Promise<Finding[]> {
  try {
    const path = createRequire(join(folder, 'package.json')).resolve(specifier);
    const names = Object.keys((await import(pathToFileURL(path).href)) as object);
    return names.length > 0 ? [] : [{ have: `${specifier} exports nothing`, want: 'at least one export' }];
  } catch (error) {
    const { message = String(error), code = '' } = errorChain(error)[0] ?? {};
    return [{ have: `${specifier}: ${[code, message].filter(Boolean).join(' ')}`, want: 'a module' }];
  }
}
