/** `local-neon [start]`: runs a server in the foreground until Ctrl-C. */
import { join } from 'node:path';

import type { Command } from 'commander';

import { findLocalNeon, startLocalNeon } from '../local-neon.ts';
import { exitCodeOf } from './exit-codes.ts';
import { onInterruption, type Signal } from './interruption.ts';
import { addServerOptions, type ServerOptions, toStartOptions } from './server-options.ts';

export function addStart(program: Command): void {
  addServerOptions(program.command('start', { isDefault: true }))
    .description('start a server and keep it until Ctrl-C; the first line on standard output is DATABASE_URL=…')
    .allowExcessArguments()
    .action(async (options: ServerOptions, start: Command) => {
      const [argument] = start.args;
      if (argument !== undefined) start.error(`local-neon: ${explainArgument(argument, program)}`);
      await serve(options);
    });
}

/** The error for an argument: `start` takes none, so it is an unknown command, or a command that follows options. */
function explainArgument(argument: string, { commands }: Command): string {
  const names = commands.map((command) => command.name());
  return names.includes(argument)
    ? `put options after the command, as in: local-neon ${argument} --help`
    : `unknown command '${argument}'. The commands are ${names.join(', ')}`;
}

/** Prints the URL of the server, and waits for a signal. When a server already runs on the folder, only prints its URL. */
async function serve(options: ServerOptions): Promise<void> {
  const { data, port } = options;
  const interrupted = new Promise<Signal>((resolve) => onInterruption(resolve));
  const running = data === undefined ? undefined : await findLocalNeon(data);
  if (running !== undefined && (port === undefined || new URL(running).port === String(port))) {
    process.stdout.write(`DATABASE_URL=${running}\n`);
    process.stderr.write(`A server already runs on the data in ${data}.\n`);
    return;
  }
  const neon = await Promise.race([startLocalNeon(toStartOptions(options)), interrupted]);
  // The guard stops a half-started server when this process ends.
  if (typeof neon === 'string') process.exit(exitCodeOf(neon));
  process.stdout.write(`DATABASE_URL=${neon.url}\n`);
  process.stderr.write(`${describeServer(options)}\n`);
  const signal = await Promise.race([interrupted, neon.closed]);
  if (signal === undefined) throw new Error(`PostgreSQL ended by itself. ${describeData(options)}`);
  await neon.close();
}

function describeServer({ data, postgres }: ServerOptions): string {
  if (postgres !== undefined) return 'The gateway is ready. Ctrl-C stops the gateway and leaves PostgreSQL running.';
  const where = data === undefined ? 'its data is temporary' : `its data is kept in ${data}`;
  return `PostgreSQL is ready; ${where}. Ctrl-C stops it.`;
}

function describeData({ data }: ServerOptions): string {
  if (data === undefined) return 'Its data was temporary and is lost.';
  return `Its last messages are in ${join(data, 'postgres.log')}. Start the server again: committed rows are kept.`;
}
