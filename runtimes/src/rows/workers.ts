/** Cloudflare Workers: workerd, as `wrangler dev` runs it. https://developers.cloudflare.com/workers/ */
import { cp } from 'node:fs/promises';
import { join } from 'node:path';

import { emptyFolder, type Files, pathInFolder, lockedVersion, writeFiles } from '../folder.js';
import { missingNewerNode, newerNode } from './node.js';
import type { Row } from './row.js';
import { type Started, startProgram } from './started.js';

/** The refused case and its message: a socket belongs to the request that opened it. */
const refuses: Row['refuses'] = { 'WebSocket: kept client': /opened by another request.*`withDatabase/ };

export const rows: Row[] = [['nodejs_compat'], []].map((flags): Row => {
  const name = ['Workers', ...flags].join(', ');
  /** Starts a program of this folder, copied to a project: wrangler only bundles files inside the project's folder. */
  const startProgramOf = async (purpose: string, program: string, variables: Files) => {
    const cwd = await emptyFolder(`${name}, ${purpose}`);
    await cp(pathInFolder('dist'), join(cwd, 'dist'), { recursive: true });
    return await startWorker(cwd, `dist/programs/${program}.js`, flags, variables);
  };
  return {
    name,
    version: lockedVersion('workerd'),
    missing: missingNewerNode,
    refuses,
    startCases: () => startProgramOf('cases', 'worker', {}),
    startApi: (setup) => startProgramOf('API', 'api-worker', { ...setup }),
    page: {
      section: 'Cloudflare Workers',
      async start(files, url) {
        const cwd = await emptyFolder(`${name}, page`);
        await writeFiles(cwd, files);
        return await startWorker(cwd, 'src/index.ts', flags, { DATABASE_URL: url });
      },
    },
  };
});

/** @param variables The `env` of the worker. */
async function startWorker(cwd: string, file: string, flags: readonly string[], variables: Files): Promise<Started> {
  // In a file, because every user of the machine can read command lines.
  const lines = Object.entries(variables).map(([variable, value]) => `${variable}=${JSON.stringify(value)}`);
  await writeFiles(cwd, { '.dev.vars': lines.join('\n') });
  const args = ['dev', file, '--ip=127.0.0.1', '--port=0', '--inspector-port=0', '--compatibility-date=2026-11-01'];
  const compatibility = flags.map((flag) => `--compatibility-flags=${flag}`);
  return await startProgram(newerNode, [wrangler, ...args, ...compatibility], {
    cwd,
    env: { WRANGLER_SEND_METRICS: 'false', CLOUDFLARE_CF_FETCH_ENABLED: 'false', CI: 'true', NO_COLOR: '1' },
  });
}

const wrangler = pathInFolder('node_modules/wrangler/bin/wrangler.js');
