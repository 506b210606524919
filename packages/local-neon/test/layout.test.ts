/** The layers of src: imports between folders, and from or to files beside them, go one way. */
import { readdir, readFile } from 'node:fs/promises';
import { join, normalize } from 'node:path/posix';
import { fileURLToPath } from 'node:url';

import { expect, test } from 'vitest';

const SRC = fileURLToPath(new URL('../src', import.meta.url));

/** The folder of a file, or the file itself when it lies in src. */
const unitOf = (path: string): string => path.split('/')[0] ?? '';

async function readImports(): Promise<Map<string, Set<string>>> {
  const imports = new Map<string, Set<string>>();
  const files = await readdir(SRC, { recursive: true });
  for (const file of files.filter((name) => name.endsWith('.ts'))) {
    const text = await readFile(join(SRC, file), 'utf8');
    const unit = unitOf(file);
    const imported = imports.get(unit) ?? new Set();
    imports.set(unit, imported);
    for (const [, path = ''] of text.matchAll(/(?:from|import\(?) ?'(\.[^']+)'/g)) {
      imported.add(unitOf(normalize(join(file, '..', path))));
    }
    imported.delete(unit);
  }
  return imports;
}

/** A chain of units that ends where it begins; undefined when there is none. */
function findCycle(imports: ReadonlyMap<string, ReadonlySet<string>>, chain: readonly string[]): string[] | undefined {
  for (const next of imports.get(chain.at(-1) ?? '') ?? []) {
    const start = chain.indexOf(next);
    if (start >= 0) return [...chain.slice(start), next];
    const cycle = findCycle(imports, [...chain, next]);
    if (cycle) return cycle;
  }
  return undefined;
}

test('no folders of src import each other in a cycle', async () => {
  const imports = await readImports();
  expect([...imports.keys()]).toContain('listener');
  for (const unit of imports.keys()) expect(findCycle(imports, [unit])).toBeUndefined();
});
