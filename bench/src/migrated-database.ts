/** A local Neon with the tables of `@todo/db`, in its own process, as a real server is on its own machine. */
import { join } from 'node:path';

import type { Context } from './benchmark.ts';
import { startProgram } from './programs.ts';
import { LOCAL_NEON_CLI, migrate } from './workspace.ts';

export interface MigratedDatabase extends AsyncDisposable {
  readonly url: string;
  /** The process id of the gateway, not of PostgreSQL. */
  readonly pid: number;
}

export async function startMigrated({ folder }: Pick<Context, 'folder'>): Promise<MigratedDatabase> {
  const program = startProgram(LOCAL_NEON_CLI, ['--data', join(folder, 'data')]);
  try {
    const url = (await program.readLine()).replace('DATABASE_URL=', '');
    await migrate(url);
    return { url, pid: program.pid, [Symbol.asyncDispose]: () => program[Symbol.asyncDispose]() };
  } catch (error) {
    await program[Symbol.asyncDispose]();
    throw error;
  }
}
