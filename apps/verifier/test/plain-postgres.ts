/** A PostgreSQL as Docker or Debian runs it: on a TCP port, with passwords, and nothing of Neon's before it. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, chown, copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';

import { Client } from 'pg';

import { execute } from './database.ts';

export interface PlainPostgres extends AsyncDisposable {
  /** Of the owner of an empty database, who is no superuser. */
  readonly url: string;
  /** It offers TLS, with this certificate, which nobody else signed. Undefined where there is no openssl to make one. */
  readonly certificate: string | undefined;
}

const PASSWORD = 'plain-secret';

function adminUrl(port: number): string {
  return `postgresql://postgres:${PASSWORD}@127.0.0.1:${port}/postgres`;
}

/** Starts one with the programs of a server that already runs, behind `neonUrl`, and as the same user. */
export async function startPlainPostgres(neonUrl: string): Promise<PlainPostgres> {
  const { binDir, uid, gid } = await programsBehind(neonUrl);
  const dataDir = await mkdtemp(join(tmpdir(), 'plain-postgres-'));
  const passwordFile = join(dataDir, 'password');
  await writeFile(passwordFile, PASSWORD);
  for (const path of [dataDir, passwordFile]) await chown(path, uid, gid);
  const data = join(dataDir, 'data');
  const options = ['--no-sync', '--auth=scram-sha-256', '--username=postgres', `--pwfile=${passwordFile}`];
  await run(join(binDir, 'initdb'), ['-D', data, '--encoding=UTF8', '--locale=C', ...options], { uid, gid, cwd: '/' });

  const certificate = await makeCertificate(data, { uid, gid }).catch(() => undefined);
  const settings = [
    `ssl=${certificate === undefined ? 'off' : 'on'}`,
    'listen_addresses=127.0.0.1',
    'unix_socket_directories=',
    'fsync=off',
  ];
  const launch = (port: number) => {
    const flags = [...settings, `port=${port}`].flatMap((setting) => ['-c', setting]);
    return spawn(join(binDir, 'postgres'), ['-D', data, ...flags], { uid, gid, cwd: '/', stdio: 'ignore' });
  };
  const { server, port } = await listening(launch);
  const ended = once(server, 'exit');
  const admin = adminUrl(port);
  await execute(admin, `create role app login createdb password '${PASSWORD}'`, 'create database app owner app');
  return {
    url: `postgresql://app:${PASSWORD}@127.0.0.1:${port}/app`,
    certificate,
    [Symbol.asyncDispose]: async () => {
      server.kill('SIGQUIT');
      await ended;
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

const run = promisify(execFile);

/** Under the names by which PostgreSQL finds certificate and key. */
async function makeCertificate(dataDir: string, owner: { uid: number; gid: number }): Promise<string> {
  const certificate = join(dataDir, 'server.crt');
  const names = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'];
  const files = ['-keyout', join(dataDir, 'server.key'), '-out', certificate];
  await run('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', ...names, ...files], owner);
  await chmod(join(dataDir, 'server.key'), 0o600);
  const copy = join(dataDir, '..', 'server.crt');
  await copyFile(certificate, copy);
  return copy;
}

/** Where a server's programs lie, and as whom they run, stands in the list of processes: above the backend of a session. */
async function programsBehind(url: string): Promise<{ binDir: string; uid: number; gid: number }> {
  const client = new Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
  const parent = await processInfo('ppid=', String(rows[0]?.pid));
  // The path may have spaces, and the server's options follow it.
  const [, uid, gid, program = ''] =
    /^(\d+) +(\d+) +(.*?\/postgres) -/.exec(await processInfo('uid=,gid=,args=', parent)) ?? [];
  await client.end();
  return { binDir: dirname(program), uid: Number(uid), gid: Number(gid) };
}

async function processInfo(fields: string, pid: string): Promise<string> {
  const { stdout } = await run('ps', ['-o', fields, '-p', pid]);
  return stdout.trim();
}

/** On a port that is its own: one that was free may be somebody else's by the time PostgreSQL asks for it, which then ends. */
async function listening(launch: (port: number) => ChildProcess): Promise<{ server: ChildProcess; port: number }> {
  for (const port of await freePorts(5)) {
    const server = launch(port);
    while (server.exitCode === null) {
      if (await answers(adminUrl(port))) return { server, port };
      await delay(50);
    }
  }
  throw new Error('postgres does not start on any of five ports');
}

async function answers(url: string): Promise<boolean> {
  return await execute(url, 'select 1').then(
    () => true,
    () => false,
  );
}

async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => once(server, 'listening')));
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map(async (server) => (server.close(), await once(server, 'close'))));
  return ports;
}
