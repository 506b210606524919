/** `local-neon url`: prints the URL of the running server. */
import type { Command } from 'commander';

import { requireRunning } from './require-running.ts';
import { dataOption } from './server-options.ts';

export function addUrl(program: Command): void {
  program
    .command('url')
    .description('print the URL of the running server; exit code 1 when none runs')
    .addOption(dataOption())
    .action(async ({ data }: { data: string }) => {
      const { url } = await requireRunning(data);
      process.stdout.write(`${url}\n`);
    });
}
