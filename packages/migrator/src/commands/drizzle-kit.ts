/** Runs drizzle-kit as a child process, in the folder of its configuration. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** Code in the child that ends it when this process has ended for any reason. The IPC channel closes then. */
const FOLLOW_PARENT = `data:text/javascript,process.once('disconnect',()=>process.exit());process.channel.unref()`;

export interface DrizzleKitOptions {
  /** Variables for the child's environment. URLs are passed here, because all users of the machine can read arguments. */
  readonly variables?: NodeJS.Dict<string>;
  /** Ends the child. */
  readonly signal?: AbortSignal;
}

/** Runs drizzle-kit on this terminal until it ends. Returns the exit code, or null if a signal ended the child. */
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
