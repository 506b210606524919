import type { ChildProcess } from 'node:child_process';
import { on, once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';

import { testBranch } from '@todo/local-neon/vitest';
import { Client } from 'pg';
import { beforeEach, describe, expect, it } from 'vitest';

import { cli, ended, startCli } from './cli.ts';
import { execute } from './database.ts';

/** The insert of a todo waits for this lock. At that time the user that the check has committed exists. */
const GATE = 4711;

const users = (url: string) => execute(url, 'select email from "user"');

describe('a run that is interrupted while it writes', () => {
  let url: string;

  beforeEach(async () => {
    ({ url } = await testBranch());
    await execute(
      url,
      `create function gate() returns trigger language plpgsql as
         $$ begin perform pg_advisory_xact_lock_shared(${GATE}); return new; end $$`,
      'create trigger gate before insert on todo for each row execute function gate()',
    );
  });

  it('removes its rows on Ctrl-C and exits with 130', async () => {
    const release = await closeGate(url);
    const run = startCli(['--url', url, '--write', '--only', 'behave/crud-http']);
    const end = ended(run);
    await someoneWaits(url);
    expect(await users(url)).toHaveLength(1);
    run.kill('SIGINT');
    await release();
    expect(await end).toMatchObject({ code: 130, stdout: '', stderr: expect.stringContaining('Interrupted') });
    expect(await users(url)).toEqual([]);
  });

  it('ends at once on a second Ctrl-C', async () => {
    const release = await closeGate(url);
    const run = startCli(['--url', url, '--write', '--only', 'behave/crud-http']);
    const end = ended(run);
    await someoneWaits(url);
    const interrupted = said(run, 'Interrupted');
    run.kill('SIGINT');
    // Two signals that arrive together count as one.
    await interrupted;
    run.kill('SIGINT');
    expect((await end).code).toBe(130);
    await release();
  });

  it('keeps its rows while other runs clean up; after it was killed, the next run removes them', async () => {
    const release = await closeGate(url);
    const run = startCli(['--url', url, '--write', '--only', 'behave/crud-http']);
    const end = once(run, 'close');
    await someoneWaits(url);
    const rows = await users(url);
    expect(rows).toHaveLength(1);

    const other = () => cli(['--url', url, '--write', '--only', 'behave/unique-email']);
    expect((await other()).code).toBe(0);
    expect(await users(url)).toEqual(rows);

    run.kill('SIGKILL');
    await end;
    await release();
    await noRunIsAlive(url);
    expect(await users(url)).toEqual(rows);
    expect((await other()).code).toBe(0);
    expect(await users(url)).toEqual([]);
  });
});

async function said(run: ChildProcess, text: string): Promise<void> {
  for await (const [chunk] of on(run.stderr ?? run, 'data')) if (String(chunk).includes(text)) return;
}

async function closeGate(url: string): Promise<() => Promise<void>> {
  const client = new Client({ connectionString: url });
  await client.connect();
  await client.query(`select pg_advisory_lock(${GATE})`);
  return () => client.end();
}

async function someoneWaits(url: string): Promise<void> {
  await until(
    url,
    `select from pg_locks where locktype = 'advisory' and objid = ${GATE} and not granted`,
    (n) => n > 0,
  );
}

/** Waits until the server has noticed that the killed client is gone. */
async function noRunIsAlive(url: string): Promise<void> {
  await until(
    url,
    `select from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'
       and state <> 'idle'`,
    (n) => n === 0,
  );
}

async function until(url: string, query: string, isReached: (rows: number) => boolean): Promise<void> {
  while (!isReached((await execute(url, query)).length)) await delay(20);
}
