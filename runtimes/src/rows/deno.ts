/** https://deno.com */
import { existsSync } from 'node:fs';

import { pathInFolder, lockedVersion } from '../folder.js';
import { startApiServer } from './api-server.js';
import { pageServer } from './page-server.js';
import type { Row } from './row.js';
import { startProgram } from './started.js';

const system = process.platform === 'linux' ? '-glibc' : '';
/** The program of Deno. The package `deno` installs it by a script, which does not run here. */
const program = pathInFolder(`node_modules/@deno/${process.platform}-${process.arch}${system}/deno`);

const RUN = ['run', '--no-prompt', '--allow-net', '--allow-env'];

export const rows: Row[] = [
  {
    name: 'Deno',
    version: lockedVersion('deno'),
    missing: existsSync(program) ? undefined : 'There is no Deno for this machine among the packages',
    startCases: () => startProgram(program, [...RUN, pathInFolder('dist/programs/deno.js')]),
    // It reads its migrations.
    startApi: (setup) => startApiServer(program, [...RUN, '--allow-read'], setup),
    page: pageServer('Deno', program, [...RUN, 'main.ts']),
  },
];
