#!/usr/bin/env node
/** The `local-neon` program: its commands and its exit codes. */
import { readFileSync } from 'node:fs';

import { Command, CommanderError } from 'commander';

import { addBranches } from './cli/branches.ts';
import { FAILED, WRONG_USAGE } from './cli/exit-codes.ts';
import { addRun } from './cli/run.ts';
import { addStart } from './cli/start.ts';
import { addStatus } from './cli/status.ts';
import { addStop } from './cli/stop.ts';
import { addUrl } from './cli/url.ts';
import { reasonOf } from './error.ts';

const EXAMPLES = `
Examples:
  local-neon                                   run a temporary server until Ctrl-C
  local-neon --data .local-neon --port 5454    keep the databases in a folder
  local-neon run -- npm test                   run a server for as long as a command runs
  local-neon branches create try               clone the database of the server on .local-neon

local-neon start --help lists the options of the server.`;

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

// Ignore EPIPE: a closed pipe must not stop the server.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});

const program = new Command('local-neon')
  .description('A Neon on your machine: real PostgreSQL behind Neon’s HTTP and WebSocket protocols.')
  .version(version, '-v, --version', 'print the version')
  .enablePositionalOptions()
  .configureOutput({ outputError: (text, write) => write(text.replace(/^error:/, 'local-neon:')) })
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : WRONG_USAGE))
  .addHelpText('after', EXAMPLES);
for (const add of [addStart, addRun, addUrl, addStatus, addStop, addBranches]) add(program);

await program.parseAsync().catch((error: unknown) => {
  process.stderr.write(`local-neon: ${reasonOf(error)}\n`);
  process.exitCode = error instanceof CommanderError ? error.exitCode : FAILED;
});
