/** A PostgreSQL as Docker or Debian runs it: a TCP port, passwords, and no Neon protocol. */
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
  /** The connection string of an empty database's owner, who is not a superuser. */
  readonly url: string;
  /** The self-signed certificate of the server. Undefined if there is no openssl to create a certificate. */
  readonly certificate: string | undefined;
}

const PASSWORD = 'plain-secret';

function adminUrl(port: number): string {
  return `postgresql://postgres:${PASSWORD}@127.0.0.1:${port}/postgres`;
}

/** Starts a server with the programs of the running server behind `neonUrl`, as the same operating system user. */
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

/** Creates the certificate and the key under the file names that PostgreSQL expects. */
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

/** Finds the folder of the server's programs and their user in the process list, from the backend process of a session. */
async function programsBehind(url: string): Promise<{ binDir: string; uid: number; gid: number }> {
  const client = new Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
  const parent = await processInfo('ppid=', String(rows[0]?.pid));
  // The path may contain spaces, and the server's options follow it.
  const [, uid, gid, program = ''] =
    /^(\d+) +(\d+) +(.*?\/postgres) -/.exec(await processInfo('uid=,gid=,args=', parent)) ?? [];
  await client.end();
  return { binDir: dirname(program), uid: Number(uid), gid: Number(gid) };
}

async function processInfo(fields: string, pid: string): Promise<string> {
  const { stdout } = await run('ps', ['-o', fields, '-p', pid]);
  return stdout.trim();
}

/** Starts the server on a free port, and retries: another process may take the port before PostgreSQL binds it. */
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
