/** Next.js in production and in development, each with its two runtimes. https://nextjs.org */
import { execFile } from 'node:child_process';
import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { emptyFolder, type Files, pathInFolder, lockedVersion, writeFiles } from '../folder.js';
import { missingNewerNode, newerNode } from './node.js';
import type { ApiSetup, PageProgram, Row } from './row.js';
import { freePort, type Started, startProgram } from './started.js';

const RUNTIMES = ['nodejs', 'edge'] as const;

export const rows: Row[] = (['start', 'dev'] as const).flatMap((command) => {
  let project: Promise<string> | undefined;
  const startAt = async (path: string, env?: Files) => {
    const server = await serveNext(await (project ??= matrixProject(command)), command, env);
    return { ...server, origin: `${server.origin}${path}` };
  };
  return RUNTIMES.map((runtime): Row => ({
    name: `Next.js, \`next ${command}\`, ${runtime === 'edge' ? 'edge' : 'Node'}`,
    version: lockedVersion('next'),
    missing: missingNewerNode,
    startCases: () => startAt(`/${runtime}/cases`),
    // bcryptjs calls `setImmediate`, which the edge runtime refuses.
    ...(runtime === 'nodejs' && {
      startApi: (setup: ApiSetup) => startAt('/api', { ...setup }),
      page: { section: 'Next.js', start: startPage(command) },
    }),
  }));
});

const next = pathInFolder('node_modules/next/dist/bin/next');
const ENV = { NEXT_TELEMETRY_DISABLED: '1', CI: 'true', NO_COLOR: '1' };

/** Creates a project with the cases on each runtime and the reference app on Node, and returns its folder. */
async function matrixProject(command: 'start' | 'dev'): Promise<string> {
  const routes = RUNTIMES.map((runtime) => [
    `app/${runtime}/cases/route.js`,
    `export { respondToCase as POST } from '../../../cases/respond.js';\nexport const runtime = '${runtime}';\n`,
  ]);
  const files = { ...(Object.fromEntries(routes) as Files), 'app/api/[...path]/route.js': API_ROUTE };
  const project = await nextProject(`next-${command}`, files);
  for (const folder of ['cases', 'programs']) {
    await cp(pathInFolder(`dist/${folder}`), join(project, folder), { recursive: true });
  }
  if (command === 'start') await buildNext(project);
  return project;
}

/** Removes `/api` from the path, because the routes of the app begin at the root. */
const API_ROUTE = `import { respondWithApi } from '../../../programs/api.js';
const handle = (request) => respondWithApi(new Request(request.url.replace('/api/', '/'), request), process.env);
export { handle as GET, handle as POST, handle as PATCH, handle as DELETE };
`;

/** Returns a function that starts the program of the page. The build of the project checks its types, and has no `DATABASE_URL`. */
function startPage(command: 'start' | 'dev'): PageProgram['start'] {
  return async (files, url) => {
    const project = await nextProject(`next-${command}-page`, files);
    if (command === 'start') await buildNext(project);
    const server = await serveNext(project, command, { DATABASE_URL: url });
    return { ...server, origin: `${server.origin}/todos` };
  };
}

/** Creates a project of Next.js with these files, and returns its folder. */
export async function nextProject(name: string, files: Files): Promise<string> {
  const folder = await emptyFolder(name);
  const commonFiles = {
    // By default, Next.js uses the folder of the outermost lockfile.
    'next.config.mjs': `export default { turbopack: { root: ${JSON.stringify(pathInFolder(''))} } };\n`,
    'package.json': '{ "type": "module" }\n',
    'app/layout.js': `export default ({ children }) => <html lang="en"><body>{children}</body></html>;\n`,
  };
  await writeFiles(folder, { ...commonFiles, ...files });
  return folder;
}

export async function buildNext(project: string): Promise<void> {
  await promisify(execFile)(newerNode, [next, 'build'], {
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
  const port = await freePort();
  const args = [next, command, '--hostname=127.0.0.1', `--port=${port}`];
  return await startProgram(newerNode, args, { cwd: project, port, env: { ...ENV, ...env } });
}
