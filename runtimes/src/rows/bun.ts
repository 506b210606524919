/** https://bun.com */
import { existsSync } from 'node:fs';

import { pathInFolder, lockedVersion } from '../folder.js';
import { startApiServer } from './api-server.js';
import { pageServer } from './page-server.js';
import type { Row } from './row.js';
import { startProgram } from './started.js';

/** The program of Bun. The package `bun` would install it by a script, but scripts do not run in this folder. */
const program = pathInFolder(
  `node_modules/@oven/bun-${process.platform}-${process.arch === 'arm64' ? 'aarch64' : process.arch}/bin/bun`,
);

export const rows: Row[] = [
  {
    name: 'Bun',
    version: lockedVersion('bun'),
    missing: existsSync(program) ? undefined : 'No package of this folder has a Bun for this machine',
    startCases: () => startProgram(program, [pathInFolder('dist/programs/bun.js')]),
    startApi: (setup) => startApiServer(program, [], setup),
    page: pageServer('Bun', program, ['server.ts']),
  },
];
