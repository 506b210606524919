/** https://deno.com */
import { existsSync } from 'node:fs';

import { pathInFolder, lockedVersion } from '../folder.js';
import { startApiServer } from './api-server.js';
import { pageServer } from './page-server.js';
import type { Row } from './row.js';
import { startProgram } from './started.js';

const system = process.platform === 'linux' ? '-glibc' : '';
/** The program of Deno. The package `deno` would install it by a script, but scripts do not run in this folder. */
const program = pathInFolder(`node_modules/@deno/${process.platform}-${process.arch}${system}/deno`);

const RUN = ['run', '--no-prompt', '--allow-net', '--allow-env'];

export const rows: Row[] = [
  {
    name: 'Deno',
    version: lockedVersion('deno'),
    missing: existsSync(program) ? undefined : 'No package of this folder has a Deno for this machine',
    startCases: () => startProgram(program, [...RUN, pathInFolder('dist/programs/deno.js')]),
    // The app reads its migrations.
    startApi: (setup) => startApiServer(program, [...RUN, '--allow-read'], setup),
    page: pageServer('Deno', program, [...RUN, 'main.ts']),
  },
];
