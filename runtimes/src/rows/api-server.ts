/** The reference app as it is deployed, on a runtime that has Node's `http`. */
import { tmpdir } from 'node:os';

import { pathInFolder } from '../folder.js';
import type { ApiSetup } from './row.js';
import { type Started, startProgram } from './started.js';

/** Starts the reference app with the program of a runtime. @param args of the program, before the file. */
export function startApiServer(program: string, args: readonly string[], setup: ApiSetup): Promise<Started> {
  // Outside this checkout, because the program reads the `.env` of a checkout.
  return startProgram(program, [...args, pathInFolder('node_modules/@todo/api/dist/server.js')], {
    cwd: tmpdir(),
    env: { ...setup, PORT: '0', HOST: '127.0.0.1' },
  });
}
