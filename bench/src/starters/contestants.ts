/** The contestants of the start benchmarks, each in its own process. */
import { join } from 'node:path';

import type { Context } from '../benchmark.ts';
import { findNode } from '../node-version.ts';
import { type ProgramOptions, startProgram } from '../programs.ts';

export interface StartContestant {
  /** Starts the server on this data folder, returns the milliseconds until the first result, and stops the server. */
  readonly start: (folder: string) => Promise<number>;
}

/** The contestants that can run on this machine. `ours` starts once unmeasured, because its first start copies PostgreSQL's programs. */
export async function startContestants({ folder, note }: Context): Promise<Record<string, StartContestant>> {
  const ours = { start: (data: string) => measureStart('local-neon', data) };
  await ours.start(join(folder, 'warm-up'));
  const node = await findNode(22);
  if (node === undefined) note('Prisma’s local server left out: it needs Node 22, and `npx node@22` found none');
  return {
    ours,
    pglite: { start: (data) => measureStart('pglite', data) },
    ...(node === undefined
      ? {}
      : {
          prisma: {
            start: (data: string) => measureStart('prisma-dev', data, { node, env: dataFolderVariables(data) }),
          },
        }),
  };
}

/** The contestant that is PostgreSQL without a gateway. */
export const startPostgres: StartContestant = { start: (data) => measureStart('postgres', data) };

async function measureStart(starter: string, folder: string, options?: ProgramOptions): Promise<number> {
  await using program = startProgram(new URL('main.js', import.meta.url), [starter, folder], options);
  const ms = Number(await program.readLine());
  await program.ended;
  return ms;
}

/** Environment variables that set Prisma's data folder: Prisma uses the folder for application data of the operating system. */
function dataFolderVariables(folder: string): Record<string, string> {
  return { HOME: folder, XDG_DATA_HOME: folder, XDG_CACHE_HOME: folder };
}
