/** Cloudflare Workers: workerd, as `wrangler dev` runs it. https://developers.cloudflare.com/workers/ */
import { emptyFolder, inFolder } from '../folder.js';
import { nodeProgram } from './node.js';
import type { Row } from './row.js';
import { type Started, startProgram } from './started.js';

/** A socket belongs to the request that opened it. */
const refuses: Row['refuses'] = { 'WebSocket: kept client': /opened by another request.*`withDatabase/ };

export const rows: Row[] = [
  { name: 'Workers, nodejs_compat', refuses, startCases: () => startWorker('cases-compat', ['nodejs_compat']) },
  { name: 'Workers', refuses, startCases: () => startWorker('cases', []) },
];

async function startWorker(name: string, flags: string[]): Promise<Started> {
  const cwd = await emptyFolder(`workers-${name}`);
  const args = ['dev', inFolder('dist/programs/worker.js'), '--ip=127.0.0.1', '--port=0', '--inspector-port=0'];
  const compatibility = ['--compatibility-date=2026-11-01', ...flags.map((flag) => `--compatibility-flags=${flag}`)];
  return await startProgram(nodeProgram(24), [inFolder('node_modules/wrangler/bin/wrangler.js'), ...args, ...compatibility], {
    cwd,
    env: { WRANGLER_SEND_METRICS: 'false', CLOUDFLARE_CF_FETCH_ENABLED: 'false', CI: 'true', NO_COLOR: '1' },
  });
}
