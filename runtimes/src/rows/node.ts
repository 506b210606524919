/** Node, in each version that the packages of this folder contain. */
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

/** The path of a Node for runtimes that need Node 22.12 or later. The tests themselves also run on an older Node. */
export const newerNode = major > 22 || (major === 22 && minor >= 12) ? process.execPath : nodeProgram(24);

/** The reason why no such Node is on this machine; undefined if there is one. */
export const missingNewerNode = existsSync(newerNode)
  ? undefined
  : 'The runtime needs Node 22.12 or later: run the command with that version';

export const rows: Row[] = [20, 22, 24, 26].map((version): Row => {
  const program = nodeProgram(version);
  return {
    name: `Node ${version}`,
    version: lockedVersion(`node-${version}-linux-x64`),
    missing: existsSync(program) ? undefined : `No package of this folder has a Node ${version} for this machine`,
    startCases: () => startProgram(program, [pathInFolder('dist/programs/node.js')]),
    startApi: (setup) => startApiServer(program, [], setup),
    // JavaScript without types: Node before 22.18 does not strip types.
    page: pageServer('Node', program, ['server.mjs'], { 'server.ts': 'server.mjs' }),
  };
});
