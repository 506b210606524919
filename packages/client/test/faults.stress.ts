/** 20,000 acknowledged writes during 20 faults of network and server: no write is lost, none is doubled. */
import { execFile } from 'node:child_process';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { removeLocalNeon, startLocalNeon } from '@todo/local-neon';
import { fetchPostgres } from '@todo/local-neon/vitest';
import { describe, expect, onTestFinished, test } from 'vitest';

import { connectSession, type Session } from '../src/index.ts';
import { connectHttp, connectWebSocket, type Database } from './fixture/app.ts';
import { runWithFaults } from './fault-run.ts';
import { privatePort } from './private-port.ts';
import { query } from './query.ts';
import { tcpProxy } from './tcp-proxy.ts';

const LIMITS = { timeoutMs: 5000, connectTimeoutMs: 5000 };

const transports: Record<string, (url: string) => Database> = {
  HTTP: (url) => connectHttp(url, { timeoutMs: LIMITS.timeoutMs }),
  WebSocket: (url) => {
    const db = connectWebSocket(url, LIMITS);
    onTestFinished(() => db.close());
    return db;
  },
};

describe.each(['18', '15.18.0-beta.17'])('PostgreSQL %s', (version) => {
  test.each(Object.entries(transports))('over %s', async (transport, connect) => {
    await using server = await mortalServer(version);
    await using proxy = await tcpProxy(server.url);
    const cycle = [
      () => server.endBackends(),
      async () => proxy.cut(),
      () => server.crash(),
      async () => {
        proxy.freeze();
        await query(server.url, 'select pg_sleep(0.5)');
        proxy.thaw();
      },
      () => server.killAndRestart(),
    ];
    const errors = await runWithFaults({
      db: connect(proxy.url),
      url: () => server.url,
      writes: 20_000,
      faults: [...cycle, ...cycle, ...cycle, ...cycle],
    });
    process.stdout.write(`PostgreSQL ${version} over ${transport}: ${JSON.stringify(errors)}\n`);
    expect(errors).not.toHaveProperty('refused');
    expect(errors).toHaveProperty('unknown-outcome');
  });
});

interface MortalServer extends AsyncDisposable {
  readonly url: string;
  /** Ends every backend, as `pg_terminate_backend` does: each session gets an error. */
  endBackends(): Promise<void>;
  /** Kills a backend with SIGKILL. PostgreSQL then ends all other backends and recovers. */
  crash(): Promise<void>;
  /** Kills PostgreSQL itself with SIGKILL, and starts it again on the same port. */
  killAndRestart(): Promise<void>;
}

async function mortalServer(version: string): Promise<MortalServer> {
  const dataDir = await mkdtemp(join(tmpdir(), 'todo-faults-'));
  const binDir = version === '18' ? undefined : await fetchPostgres(version);
  const start = (port: number) => startLocalNeon({ dataDir, port, ...(binDir !== undefined && { binDir }) });
  let neon = await start(await privatePort());
  const { url } = neon;
  const others = `from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'`;

  return {
    url,
    async endBackends() {
      await query(url, `select pg_terminate_backend(pid) ${others}`);
    },
    async crash() {
      await using victim = await connectSession(url);
      await using witness = await connectSession(url);
      process.kill(await backendOf(victim), 'SIGKILL');
      await expect(witness.query('select pg_sleep(60)')).rejects.toBeInstanceOf(Error);
      await expect.poll(() => query(url, 'select 1').catch(() => [])).toHaveLength(1);
    },
    async killAndRestart() {
      await using session = await connectSession(url);
      process.kill(await parentOf(await backendOf(session)), 'SIGKILL');
      await neon.close();
      neon = await start(Number(new URL(url).port));
    },
    async [Symbol.asyncDispose]() {
      await neon.close();
      await removeLocalNeon(dataDir);
    },
  };
}

async function backendOf(session: Session): Promise<number> {
  const { rows } = await session.query('select pg_backend_pid() as pid');
  return rows[0]!['pid'] as number;
}

async function parentOf(pid: number): Promise<number> {
  const { stdout } = await promisify(execFile)('ps', ['-o', 'ppid=', '-p', String(pid)]);
  return Number(stdout);
}
