/** The programs of docs/frameworks.md. */
import { readFile } from 'node:fs/promises';

import { type Files, pathInFolder } from './folder.js';

/** The files below each heading. Each is a `ts` block, and its first line is a comment with the path. */
export async function pageSections(): Promise<ReadonlyMap<string, Files>> {
  const page = await readFile(pathInFolder('../docs/frameworks.md'), 'utf8');
  const sections = page.split(/^## /m).slice(1);
  return new Map(
    sections.map((section) => {
      const [heading = ''] = section.split('\n');
      const blocks = [...section.matchAll(/^```ts\n\/\/ (\S+)\n(.*?)^```$/gms)];
      return [heading, Object.fromEntries(blocks.map(([, path = '', text = '']) => [path, text]))];
    }),
  );
}
