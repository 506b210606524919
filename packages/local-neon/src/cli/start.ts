/** `local-neon [start]`: a Neon in the foreground, until Ctrl-C. */
import { join } from 'node:path';

import type { Command } from 'commander';

import { findLocalNeon, startLocalNeon } from '../local-neon.ts';
import { exitCodeOf, onInterruption, type Signal } from './interruption.ts';
import { addServerOptions, type ServerOptions, toStartOptions } from './server-options.ts';

export function addStart(program: Command): void {
  addServerOptions(program.command('start', { isDefault: true }))
    .description('start a server and keep it until Ctrl-C; the first line on standard output is DATABASE_URL=…')
    .allowExcessArguments()
    .action(async (options: ServerOptions, start: Command) => {
      const [word] = start.args;
      if (word !== undefined) start.error(`local-neon: ${misunderstood(word, program)}`);
      await serve(options);
    });
}

/** A word that no command is called, or that came too late to be one, is an argument of the start. */
function misunderstood(word: string, { commands }: Command): string {
  const names = commands.map((command) => command.name());
  return names.includes(word)
    ? `options stand behind their command, as in: local-neon ${word} --help`
    : `unknown command '${word}'; there are ${names.join(', ')}`;
}

async function serve(options: ServerOptions): Promise<void> {
  const { data, port } = options;
  const told = new Promise<Signal>((resolve) => onInterruption(resolve));
  const running = data === undefined ? undefined : await findLocalNeon(data);
  if (running !== undefined && (port === undefined || new URL(running).port === String(port))) {
    process.stdout.write(`DATABASE_URL=${running}\n`);
    process.stderr.write(`It already runs, on the data in ${data}.\n`);
    return;
  }
  const neon = await Promise.race([startLocalNeon(toStartOptions(options)), told]);
  // What was half started goes with the process.
  if (typeof neon === 'string') process.exit(exitCodeOf(neon));
  process.stdout.write(`DATABASE_URL=${neon.url}\n`);
  process.stderr.write(`${whose(options)}\n`);
  const signal = await Promise.race([told, neon.closed]);
  if (signal === undefined) throw new Error(`PostgreSQL ended by itself. ${remedy(options)}`);
  await neon.close();
}

function whose({ data, postgres }: ServerOptions): string {
  if (postgres !== undefined) return 'The gateway is ready. Ctrl-C stops it, and leaves PostgreSQL running.';
  const where = data === undefined ? 'its data is temporary' : `its data is kept in ${data}`;
  return `PostgreSQL is ready; ${where}. Ctrl-C stops it.`;
}

function remedy({ data }: ServerOptions): string {
  if (data === undefined) return 'Its data was temporary, and is gone.';
  return `What it said last is in ${join(data, 'postgres.log')}. Start it again: what was committed is there.`;
}
