/** Node, in each version that is kept. */
import { existsSync } from 'node:fs';

import { pathInFolder, lockedVersion } from '../folder.js';
import { startApiServer } from './api-server.js';
import { pageServer } from './page-server.js';
import type { Row } from './row.js';
import { startProgram } from './started.js';

function nodeProgram(version: number): string {
  return pathInFolder(`node_modules/node-${version}-${process.platform}-${process.arch}/bin/node`);
}

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);

/** Some runtimes are programs for Node 22.12 or later. This repository itself needs less. */
export const newerNode = major > 22 || (major === 22 && minor >= 12) ? process.execPath : nodeProgram(24);

/** The reason why such a program cannot run on this machine; undefined if it can. */
export const missingNewerNode = existsSync(newerNode) ? undefined : 'It needs Node 22.12: run the command with it';

export const rows: Row[] = [20, 22, 24, 26].map((version): Row => {
  const program = nodeProgram(version);
  return {
    name: `Node ${version}`,
    version: lockedVersion(`node-${version}-linux-x64`),
    missing: existsSync(program) ? undefined : `There is no Node ${version} for this machine among the packages`,
    startCases: () => startProgram(program, [pathInFolder('dist/programs/node.js')]),
    startApi: (setup) => startApiServer(program, [], setup),
    // JavaScript without types: Node before 22.18 does not strip types.
    page: pageServer('Node', program, ['server.mjs'], { 'server.ts': 'server.mjs' }),
  };
});
