/** Vercel's `edge-runtime`. https://edge-runtime.vercel.app */
import { join } from 'node:path';

import { build } from 'esbuild';

import { emptyFolder, pathInFolder, lockedVersion, writeFiles } from '../folder.js';
import { missingNewerNode, newerNode } from './node.js';
import type { ApiSetup, Row } from './row.js';
import { type Started, startProgram } from './started.js';

export const rows: Row[] = [
  {
    name: 'edge-runtime',
    version: lockedVersion('edge-runtime'),
    missing: missingNewerNode,
    startCases: () => startEdgeFunction('cases', undefined),
    startApi: (setup) => startEdgeFunction('API', setup),
    page: {
      section: 'Vercel',
      async start(files, url) {
        const cwd = await emptyFolder('edge-runtime, page');
        await writeFiles(cwd, { ...files, 'serve.ts': SERVE });
        return await startScript(cwd, join(cwd, 'serve.ts'), { 'process.env.DATABASE_URL': JSON.stringify(url) });
      },
    },
  },
];

async function startEdgeFunction(purpose: string, setup: ApiSetup | undefined): Promise<Started> {
  const define = { API_ENV: setup === undefined ? 'undefined' : JSON.stringify(setup) };
  const cwd = await emptyFolder(`edge-runtime, ${purpose}`);
  return await startScript(cwd, pathInFolder('dist/programs/edge-function.js'), define);
}

/** Calls the default export of a function, as Vercel does. */
const SERVE = `import todos from './api/todos';
addEventListener('fetch', (event) => event.respondWith(todos(event.request)));`;

async function startScript(
  cwd: string,
  entry: string,
  define: Readonly<Record<string, string>> = {},
): Promise<Started> {
  const outfile = join(cwd, 'script.js');
  await build({
    entryPoints: [entry],
    outfile,
    bundle: true,
    format: 'iife',
    conditions: ['edge-light', 'worker', 'browser'],
    define,
  });
  return await startProgram(newerNode, [pathInFolder('dist/programs/edge-runtime.js'), outfile]);
}
