/** Vercel's `edge-runtime`. https://edge-runtime.vercel.app */
import { join } from 'node:path';

import { build } from 'esbuild';

import { emptyFolder, inFolder } from '../folder.js';
import { nodeProgram } from './node.js';
import type { Row } from './row.js';
import { type Started, startProgram } from './started.js';

export const rows: Row[] = [{ name: 'edge-runtime', startCases }];

async function startCases(): Promise<Started> {
  const outfile = join(await emptyFolder('edge-runtime'), 'script.js');
  await build({
    entryPoints: [inFolder('dist/programs/edge-function.js')],
    outfile,
    bundle: true,
    format: 'iife',
    conditions: ['edge-light', 'worker', 'browser'],
  });
  return await startProgram(nodeProgram(24), [inFolder('dist/programs/edge-runtime.js'), outfile]);
}
