/** Who starts beside us, each in a process of its own. */
import { join } from 'node:path';

import type { Context } from '../benchmark.ts';
import { findNode } from '../node-version.ts';
import { type ProgramOptions, startProgram } from '../programs.ts';

export interface StartContestant {
  /** Milliseconds from the call to the first answered query, on data kept in this folder; stopped afterwards. */
  readonly start: (folder: string) => Promise<number>;
}

/** Those that run on this machine; ours has run once, so that a one-time copy of the programs is behind it. */
export async function startContestants({ folder, note }: Context): Promise<Record<string, StartContestant>> {
  const ours = { start: (data: string) => time('local-neon', data) };
  await ours.start(join(folder, 'warm-up'));
  const node = await findNode(22);
  if (node === undefined) note('Prisma’s local server left out: it needs Node 22, and `npx node@22` found none');
  return {
    ours,
    pglite: { start: (data) => time('pglite', data) },
    ...(node === undefined
      ? {}
      : { prisma: { start: (data: string) => time('prisma-dev', data, { node, env: dataIn(data) }) } }),
  };
}

async function time(starter: string, folder: string, options?: ProgramOptions): Promise<number> {
  await using program = startProgram(new URL('main.js', import.meta.url), [starter, folder], options);
  const ms = Number(await program.line());
  await program.ended;
  return ms;
}

/** It keeps its data where the platform has the user's applications keep theirs. */
function dataIn(folder: string): Record<string, string> {
  return { HOME: folder, XDG_DATA_HOME: folder, XDG_CACHE_HOME: folder };
}
