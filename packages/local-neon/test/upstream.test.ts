import { readdir, readFile, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { inspect } from 'node:util';

import { Client } from 'pg';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';

import { type LocalNeon, startLocalNeon } from '../src/index.ts';
import { emptyBranch } from '../src/vitest.ts';
import { ask, connectHttp, TRANSPORTS } from './connect.ts';
import { createDataFolder } from './data-folder.ts';
import { createPost } from './post.ts';
import { startCli, urlIn } from './program.ts';

/** The upstream server: one of ours, by its PostgreSQL protocol. */
const { url: theirs } = await emptyBranch();

// PostgreSQL's default: it does not notice that the client of a running query has disconnected.
const { pathname } = new URL(theirs);
await ask(theirs, `alter database "${pathname.slice(1)}" set client_connection_check_interval = 0`);

let neon: LocalNeon;
beforeAll(async () => {
  neon = await startLocalNeon({ postgres: theirs });
  return () => neon.close();
});

describe.each(Object.entries(TRANSPORTS))('with --postgres, over %s', (_, open) => {
  test('queries run on that server and its errors are returned', async () => {
    const connection = await open(neon.url);
    expect((await connection.query('select $1::int + 1 as n', [1])).rows).toEqual([{ n: 2 }]);
    await expect(connection.query('selekt')).rejects.toMatchObject({ code: '42601' });
    await connection.close();
  });

  test('its passwords apply', async () => {
    const wrong = new URL(neon.url);
    wrong.password = 'wrong';
    await expect(open(wrong.href).then((c) => c.query('select 1'))).rejects.toMatchObject({ code: '28P01' });
  });
});

describe('a server that local-neon did not start', () => {
  let dataDir: string;
  let server: LocalNeon;
  let superuser: URL;
  beforeAll(async () => {
    const place = await createDataFolder();
    ({ dataDir } = place);
    server = await startLocalNeon({ dataDir });
    const settings: unknown = JSON.parse(await readFile(join(dataDir, 'settings.json'), 'utf8'));
    superuser = new URL(server.url);
    superuser.username = 'postgres';
    superuser.password = (settings as { superuserPassword: string }).superuserPassword;
    return async () => {
      await server.close();
      await place.remove();
    };
  });

  async function askFor(method: string): Promise<void> {
    await writeFile(join(dataDir, 'postgres', 'pg_hba.conf'), `local all all ${method}\n`);
    await ask(superuser.href, 'select pg_reload_conf()');
  }

  test.each(['scram-sha-256', 'trust'])(
    'with the authentication method %s accepts logins over every transport',
    async (method) => {
      await askFor(method);
      const gateway = await startLocalNeon({ postgres: server.url });
      for (const open of Object.values(TRANSPORTS)) {
        const connection = await open(gateway.url);
        expect((await connection.query('select 1 as n')).rows).toEqual([{ n: 1 }]);
        await connection.close();
      }
      await gateway.close();

      // The gateway has admin sessions on the database, too.
      const ofSuperuser = await startLocalNeon({ postgres: superuser.href });
      onTestFinished(() => ofSuperuser.close());
      await (await connectHttp(ofSuperuser.url)).query('select 1');
      expect(await ofSuperuser.branches.create('clone')).toMatchObject({ name: 'clone' });
      await ofSuperuser.branches.delete('clone');
    },
  );

  test('that asks for no password keeps its roles apart', async () => {
    await askFor('trust');
    const gateway = await startLocalNeon({ postgres: superuser.href });
    onTestFinished(() => gateway.close());
    for (const role of ['one', 'other']) {
      await ask(superuser.href, `create role ${role} login`);
      const url = new URL(gateway.url);
      url.username = role;
      // Sessions may have been opened under the old rules.
      const asRole = async (): Promise<unknown> =>
        (await (await connectHttp(url.href)).query('select current_user::text as role')).rows;
      await expect.poll(asRole).toEqual([{ role }]);
    }
  });

  test('is not locked for a superuser, however closely requests follow each other', async () => {
    const gateway = await startLocalNeon({ postgres: superuser.href });
    onTestFinished(() => gateway.close());
    const sql = await connectHttp(gateway.url);
    const locks = `select count(*)::int as n from pg_locks where relation = 'pg_authid'::regclass and mode = 'ShareLock'`;
    for (let times = 0; times < 30; times += 1) expect((await sql.query(locks)).rows).toEqual([{ n: 0 }]);
  });
});

test('a role’s new password counts at once, also without the privilege to read stored passwords', async () => {
  await ask(theirs, `create role changing login password 'first'`);
  const url = new URL(neon.url);
  url.username = 'changing';
  url.password = 'first';
  const sql = await connectHttp(url.href);
  await sql.query('select 1');
  await ask(theirs, `alter role changing password 'second'`);
  await expect(sql.query('select 1')).rejects.toMatchObject({ code: '28P01' });
  await ask(theirs, 'drop role changing');
});

test('a CancelRequest reaches the upstream server', async () => {
  const client = new Client({ connectionString: neon.url });
  await client.connect();
  const query = client.query('select pg_sleep(50)').catch((error: unknown) => (error as { code: string }).code);
  const { processID, secretKey } = client as unknown as { processID: number; secretKey: number };
  const packet = Buffer.alloc(16);
  [16, 80877102, processID, secretKey].forEach((word, index) => packet.writeInt32BE(word, index * 4));
  const isRunning = `select count(*)::int as n from pg_stat_activity where pid = ${processID} and state = 'active'`;
  await expect.poll(() => ask(theirs, isRunning)).toEqual([{ n: 1 }]);
  connect({ host: '127.0.0.1', port: Number(new URL(neon.url).port) }).end(packet);
  expect(await query).toBe('57014');
  await client.end();
});

test('a query with a result that is too large is cancelled on the upstream server', async () => {
  // The query returns slightly more than the limit and then nothing, so it does not notice the closed connection.
  const query = `select case n when 10440 then pg_sleep(3600)::text else repeat('x', 1000) end from generate_series(1, 20000) as n`;
  expect(await createPost(neon.url)({ query })).toMatchObject({ status: 507 });
  const isRunning = `select count(*)::int as n from pg_stat_activity where state = 'active' and query like 'select case n when%'`;
  await expect.poll(() => ask(theirs, isRunning)).toEqual([{ n: 0 }]);
});

test('the gateway has no data directory, and the server still runs after the command has ended', async () => {
  const { folder, remove } = await createDataFolder();
  onTestFinished(remove);
  const program = startCli(['--postgres', theirs], { cwd: folder });
  const url = urlIn(await program.firstLine);
  const endings = await Promise.all(
    [['status'], ['url'], ['stop']].map(async (args) => (await startCli(args, { cwd: folder }).exited).code),
  );
  expect(endings).toEqual([1, 1, 0]);
  expect(await readdir(folder)).toEqual([]);
  expect(await ask(url, 'select 1 as n')).toEqual([{ n: 1 }]);
  program.child.kill('SIGINT');
  expect(await program.exited).toMatchObject({ code: 0 });
  expect(await ask(theirs, 'select 1 as n')).toEqual([{ n: 1 }]);
});

test('an unreachable server is an error without its password', async () => {
  const { code, stderr } = await startCli(['--postgres', 'postgresql://a:secret@127.0.0.1:1/x']).exited;
  expect([code, stderr]).toEqual([1, expect.stringContaining('cannot be reached: connect ECONNREFUSED')]);
  expect(stderr).not.toContain('secret');
});

test('the commands for a data directory have no --postgres', async () => {
  const endings = await Promise.all(
    ['status', 'url', 'stop'].map((command) => startCli([command, '--postgres', theirs]).exited),
  );
  for (const { code, stderr } of endings) {
    expect([code, stderr]).toEqual([2, expect.stringContaining("unknown option '--postgres'")]);
  }
});

test.each([
  ['--postgres', 'mysql://a:secret@localhost/b'],
  ['branches', 'list', '--url', 'http://a:secret@localhost'],
])('%s … with a URL that is not a PostgreSQL URL is wrong usage, and the URL is not repeated', async (...args) => {
  const { code, stderr } = await startCli(args).exited;
  expect([code, stderr]).toEqual([2, expect.stringContaining('not a PostgreSQL URL, such as postgresql://')]);
  expect(stderr).not.toContain('secret');
});

test.each(['', 'a:secret@localhost', 'mysql://a:secret@localhost/b', 'postgresql://a:secret@localhost:99999/b'])(
  'a text that is not a PostgreSQL URL is refused without its password (%#)',
  async (url) => {
    const error: unknown = await startLocalNeon({ postgres: url }).catch((caught: unknown) => caught);
    expect(error).toMatchObject({
      code: 'START_FAILED',
      message: expect.stringContaining('is not a PostgreSQL URL, such as'),
    });
    expect(inspect(error)).not.toContain('secret');
  },
);

test('a URL may name a socket instead of a host', async () => {
  await expect(startLocalNeon({ postgres: 'postgresql://a:b@/c?host=/nowhere' })).rejects.toMatchObject({
    code: 'START_FAILED',
    message: expect.stringContaining('ENOENT /nowhere/.s.PGSQL.5432'),
  });
});

test('a URL that requires TLS is refused', async () => {
  await expect(startLocalNeon({ postgres: `${theirs}?sslmode=require` })).rejects.toMatchObject({
    code: 'START_FAILED',
    message: expect.stringContaining('without TLS'),
  });
});
