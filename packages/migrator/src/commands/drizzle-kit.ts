/** drizzle-kit's own program, as a child in the folder where its configuration lies. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** In the child: goes when this process has gone, however it ended. The channel between them then closes by itself. */
const FOLLOW_PARENT = `data:text/javascript,process.once('disconnect',()=>process.exit());process.channel.unref()`;

export interface DrizzleKitOptions {
  /** Added to its environment; a URL goes there, because everyone on the machine can read its arguments. */
  readonly variables?: NodeJS.Dict<string>;
  /** Ends it. */
  readonly signal?: AbortSignal;
}

/** Runs it on this terminal until it ends, and returns its exit code; null when a signal ended it. */
export async function runDrizzleKit(
  folder: string,
  args: readonly string[],
  options: DrizzleKitOptions = {},
): Promise<number | null> {
  const { variables, signal } = options;
  const program = join(dirname(createRequire(import.meta.url).resolve('drizzle-kit')), 'bin.cjs');
  const child = spawn(process.execPath, ['--import', FOLLOW_PARENT, program, ...args], {
    cwd: folder,
    env: { ...process.env, ...variables },
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    ...(signal && { signal }),
  });
  const [exitCode] = await once(child, 'exit');
  return exitCode;
}
