/** Cloudflare Workers: workerd, as `wrangler dev` runs it. https://developers.cloudflare.com/workers/ */
import { cp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { emptyFolder, inFolder } from '../folder.js';
import { nodeProgram } from './node.js';
import type { Row } from './row.js';
import { type Started, startProgram } from './started.js';

/** A socket belongs to the request that opened it. */
const refuses: Row['refuses'] = { 'WebSocket: kept client': /opened by another request.*`withDatabase/ };

export const rows: Row[] = [['nodejs_compat'], []].map((flags): Row => {
  const name = ['Workers', ...flags].join(', ');
  return {
    name,
    refuses,
    startCases: () => startWorker(`${name}-cases`, 'worker.js', flags),
    startApi: (setup) => startWorker(`${name}-api`, 'api-worker.js', flags, { ...setup }),
  };
});

/** @param variables what the worker gets as its `env`. */
async function startWorker(
  name: string,
  program: string,
  flags: readonly string[],
  variables: Readonly<Record<string, string>> = {},
): Promise<Started> {
  const cwd = await emptyFolder(name);
  // Command lines are readable by every user of the machine.
  const lines = Object.entries(variables).map(([variable, value]) => `${variable}=${JSON.stringify(value)}\n`);
  await writeFile(join(cwd, '.dev.vars'), lines);
  // A project: wrangler bundles what is in it.
  await cp(inFolder('dist'), join(cwd, 'dist'), { recursive: true });
  const args = ['dev', join('dist/programs', program), '--ip=127.0.0.1', '--port=0', '--inspector-port=0'];
  const compatibility = ['--compatibility-date=2026-11-01', ...flags.map((flag) => `--compatibility-flags=${flag}`)];
  return await startProgram(nodeProgram(24), [wrangler, ...args, ...compatibility], {
    cwd,
    env: { WRANGLER_SEND_METRICS: 'false', CLOUDFLARE_CF_FETCH_ENABLED: 'false', CI: 'true', NO_COLOR: '1' },
  });
}

const wrangler = inFolder('node_modules/wrangler/bin/wrangler.js');
