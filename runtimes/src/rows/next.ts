/** Next.js in production and in development, each with its two runtimes. https://nextjs.org */
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

import { emptyFolder, inFolder } from '../folder.js';
import { nodeProgram } from './node.js';
import type { Row } from './row.js';
import { type Started, startProgram } from './started.js';

const RUNTIMES = ['nodejs', 'edge'] as const;

export const rows: Row[] = (['start', 'dev'] as const).flatMap((command) => {
  let project: Promise<string> | undefined;
  return RUNTIMES.map((runtime) => ({
    name: `Next.js, \`next ${command}\`, ${runtime === 'edge' ? 'edge' : 'Node'}`,
    async startCases() {
      const server = await serveNext(await (project ??= casesProject(command)), command);
      return { ...server, origin: `${server.origin}/${runtime}` };
    },
  }));
});

const next = inFolder('node_modules/next/dist/bin/next');
const ENV = { NEXT_TELEMETRY_DISABLED: '1', CI: 'true', NO_COLOR: '1' };

/** One route for each runtime. */
async function casesProject(command: 'start' | 'dev'): Promise<string> {
  const routes = RUNTIMES.map((runtime) => [
    `app/${runtime}/route.js`,
    `export { answer as POST } from '../../cases/answer.js';\nexport const runtime = '${runtime}';\n`,
  ]);
  const project = await nextProject(`next-${command}`, Object.fromEntries(routes) as Record<string, string>);
  await cp(inFolder('dist/cases'), join(project, 'cases'), { recursive: true });
  if (command === 'start') await buildNext(project);
  return project;
}

/** A project of the given files, without a URL for its database. */
export async function nextProject(name: string, files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await emptyFolder(name);
  const all = {
    // Next looks for the outermost lockfile otherwise.
    'next.config.mjs': `export default { turbopack: { root: ${JSON.stringify(inFolder(''))} } };\n`,
    'package.json': '{ "type": "module" }\n',
    'app/layout.js': `export default ({ children }) => <html lang="en"><body>{children}</body></html>;\n`,
    ...files,
  };
  for (const [path, text] of Object.entries(all)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  return folder;
}

export async function buildNext(project: string): Promise<void> {
  await promisify(execFile)(nodeProgram(24), [next, 'build'], {
    cwd: project,
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...ENV },
    timeout: 300_000,
  });
}

export async function serveNext(
  project: string,
  command: 'start' | 'dev',
  env: Readonly<Record<string, string>> = {},
): Promise<Started> {
  const args = [next, command, '--hostname=127.0.0.1', `--port=${await freePort()}`];
  return await startProgram(nodeProgram(24), args, { cwd: project, env: { ...ENV, ...env } });
}

/** Next does not print the port that it is given for 0. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await once(server.close(), 'close');
  return port;
}
