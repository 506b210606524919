/** `local-neon branches`: lists, creates and deletes branches of a running server. */
import type { Command } from 'commander';

import { type Branches, branchesOf, type CreateOptions } from '../branches.ts';
import { requireRunning } from './require-running.ts';
import { dataOption, parseUrl } from './server-options.ts';

/** The options that name the server. */
interface ServerChoice {
  readonly data: string;
  readonly url?: string | undefined;
}

export function addBranches(program: Command): void {
  const branches = program.command('branches').description('list, create and delete branches of the running server');
  withServerOptions(branches.command('list'))
    .description('print the names, one per line')
    .option('--json', 'print one JSON array of { name, url }')
    .action(async ({ json, ...server }: ServerChoice & { json?: true }) => {
      const list = await (await branchesAt(server)).list();
      process.stdout.write(json ? `${JSON.stringify(list, null, 2)}\n` : list.map(({ name }) => `${name}\n`).join(''));
    });
  withServerOptions(branches.command('create').argument('<name>'))
    .description('clone a branch, structure and rows, and print the URL of the clone')
    .option(
      '--from <name>',
      'the branch to clone (default: the database that the URL of the server names, such as todo)',
    )
    .option('--disconnect', 'end the sessions on the cloned branch (default: they have 5 s to end)')
    .action(async (name: string, { data, url, ...options }: ServerChoice & CreateOptions) => {
      const branch = await (await branchesAt({ data, url })).create(name, options);
      process.stdout.write(`${branch.url}\n`);
    });
  withServerOptions(branches.command('delete').argument('<name>'))
    .description('end the sessions of a branch and remove it')
    .action(async (name: string, server: ServerChoice) => {
      await (await branchesAt(server)).delete(name);
      process.stderr.write(`Deleted the branch ${name}.\n`);
    });
}

function withServerOptions(command: Command): Command {
  return command.addOption(dataOption()).option('--url <url>', 'the URL of the server, instead of --data', parseUrl);
}

async function branchesAt({ data, url }: ServerChoice): Promise<Branches> {
  return branchesOf(url ?? (await requireRunning(data)).url);
}
