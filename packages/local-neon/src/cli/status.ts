/** `local-neon status`: prints whether a server runs, and its branches. */
import { resolve } from 'node:path';

import type { Command } from 'commander';

import { withDatabase } from '../postgres-url.ts';
import { APPLICATION } from '../postgres/application.ts';
import { readRunningServer } from '../running-server.ts';
import { withSession } from '../with-session.ts';
import { FAILED } from './exit-codes.ts';
import { notRunningMessage, quoteForShell } from './require-running.ts';
import { dataOption } from './server-options.ts';

export function addStatus(program: Command): void {
  program
    .command('status')
    .description('show whether a server runs, and its branches with their sizes; exit code 1 when none runs')
    .addOption(dataOption())
    .option('--json', 'print one JSON object')
    .action(printStatus);
}

interface Contents {
  readonly postgres: string;
  readonly branches: readonly { readonly name: string; readonly bytes: number; readonly sessions: number }[];
}

async function printStatus({ data, json }: { data: string; json?: true }): Promise<void> {
  const dataDir = resolve(data);
  const server = await readRunningServer(dataDir);
  if (!server) {
    process.stdout.write(json ? `${JSON.stringify({ running: false, dataDir })}\n` : `${notRunningMessage(data)}\n`);
    process.exitCode = FAILED;
    return;
  }
  const { pid, port } = server;
  const contents = await readContents(server.url);
  const output = json
    ? JSON.stringify({ running: true, dataDir, pid, port, ...contents }, null, 2)
    : [
        `running     ${dataDir}`,
        `process     ${pid}`,
        `port        ${port}`,
        `PostgreSQL  ${contents.postgres}`,
        'branches',
        ...branchLines(contents, data),
      ].join('\n');
  process.stdout.write(`${output}\n`);
}

async function readContents(url: string): Promise<Contents> {
  // Not the database of the URL, which may have been dropped.
  const { rows } = await withSession(withDatabase(url, 'postgres'), (client) =>
    client.query<Contents>(`
      select split_part(current_setting('server_version'), ' ', 1) as postgres, coalesce(json_agg(branch order by name), '[]') as branches
      from (
        select datname as name, pg_database_size(oid) as bytes, (
          select count(*) from pg_stat_activity where datid = oid and usesysid is not null
        ) as sessions
        from pg_database where datdba = current_user::regrole and not datistemplate
      ) as branch`),
  );
  // An aggregate query returns one row.
  return rows[0]!;
}

/** A line for each branch: name, size, sessions. One more line when the database of the URL was dropped. */
function branchLines({ branches }: Contents, data: string): string[] {
  const { database } = APPLICATION;
  const hasUrlDatabase = branches.some(({ name }) => name === database);
  const remedy = `local-neon branches create ${database} --from template1 --data ${quoteForShell(data)}`;
  const width = Math.max(...branches.map(({ name }) => name.length));
  const lines = branches.map(({ name, bytes, sessions }) => {
    const megabytes = `${(bytes / 1_000_000).toFixed(1)} MB`;
    return `  ${name.padEnd(width)}  ${megabytes.padStart(9)}  ${sessions} ${sessions === 1 ? 'session' : 'sessions'}`;
  });
  return hasUrlDatabase
    ? lines
    : [...lines, `  ${database}, the database of the URL, was dropped. To create an empty one: ${remedy}`];
}
