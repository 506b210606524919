/** https://deno.com */
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

import { inFolder } from '../folder.js';
import type { Row } from './row.js';
import { startProgram } from './started.js';

const system = process.platform === 'linux' ? '-glibc' : '';
/** The package `deno` puts its program in place by an install script, which does not run here. */
const program = join(
  dirname(
    createRequire(import.meta.url).resolve(`@deno/${process.platform}-${process.arch}${system}/package.json`),
  ),
  'deno',
);

export const rows: Row[] = [
  {
    name: 'Deno',
    startCases: () =>
      startProgram(program, ['run', '--no-prompt', '--allow-net', '--allow-env', inFolder('dist/programs/deno.js')]),
  },
];
