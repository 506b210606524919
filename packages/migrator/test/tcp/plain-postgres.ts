/**
 * A PostgreSQL as Docker, Debian and Homebrew run it: a TCP port, a Unix socket, TLS, and no Neon protocol. Each user has another
 * authentication method.
 */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, chown, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';

import { Client } from 'pg';

import { privatePort } from '../private-port.ts';
import { type Certificates, makeCertificates } from './certificates.ts';

export interface PlainPostgres extends AsyncDisposable {
  readonly port: number;
  /** The folder of the Unix socket. */
  readonly folder: string;
  readonly certificates: Certificates;
  /** The operating system user of the server. */
  readonly uid: number;
  readonly gid: number;
  /** Creates an empty database, and returns its name. */
  createDatabase(owner: string): Promise<string>;
}

export const PASSWORD = 'plain: s3cret';

/** The name of the operating system user, which `peer` authentication requires. */
export const ownName = userInfo().username;

/**
 * Users by authentication method: `app` with a password, `open` without, `sealed` with a password over TLS only, `bare` without either,
 * `old` with an MD5 password.
 */
const PG_HBA = `
local  all  postgres                 trust
local  all  app                      scram-sha-256
local  all  open                     trust
local  all  "${ownName}"             peer
local  all  other                    peer
host   all  postgres  127.0.0.1/32   trust
host   all  open      127.0.0.1/32   trust
hostssl all sealed    all            scram-sha-256
hostnossl all bare    127.0.0.1/32   trust
host   all  old       all            md5
host   all  app       all            scram-sha-256
`;

/** Starts a server with the programs of the server behind `neonUrl`, as the same operating system user. */
export async function startPlainPostgres(neonUrl: string): Promise<PlainPostgres> {
  const { binDir, uid, gid } = await programsBehind(neonUrl);
  const folder = await mkdtemp(join(tmpdir(), 'plain pg '));
  await chmod(folder, 0o755);
  await chown(folder, uid, gid);
  const run = (program: string, args: readonly string[]) => promisify(execFile)(program, args, { uid, gid, cwd: '/' });
  const data = join(folder, 'data');
  await mkdir(data);
  await chown(data, uid, gid);
  await run(join(binDir, 'initdb'), [
    '-D',
    data,
    '--no-sync',
    '--encoding=UTF8',
    '--locale=C',
    '--username=postgres',
    '--auth=trust',
  ]);
  await writeFile(join(data, 'pg_hba.conf'), PG_HBA);
  const certificates = await makeCertificates(folder, { uid, gid });
  const settings = {
    ssl: 'on',
    ssl_cert_file: certificates.server,
    ssl_key_file: certificates.key,
    listen_addresses: '*',
    unix_socket_directories: `"${folder}"`,
    fsync: 'off',
  };
  const port = await privatePort();
  const flags = Object.entries({ ...settings, port }).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const server = spawn(join(binDir, 'postgres'), ['-D', data, ...flags], { uid, gid, cwd: '/', stdio: 'ignore' });
  const ended = once(server, 'exit');
  await listening(server, folder, port);
  await asAdmin(folder, port, 'postgres', ROLES);
  let count = 0;
  return {
    port,
    folder,
    certificates,
    uid,
    gid,
    createDatabase: async (owner) => {
      const name = `plain_${(count += 1)}`;
      await asAdmin(folder, port, 'postgres', `create database ${name} owner "${owner}"`);
      return name;
    },
    [Symbol.asyncDispose]: async () => {
      server.kill('SIGQUIT');
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

const ROLES = ['app', 'open', 'sealed', 'bare', 'other', ownName]
  .map((name) => `create role "${name}" login password '${PASSWORD}'`)
  .concat(`set password_encryption = 'md5'`, `create role old login password '${PASSWORD}'`)
  .join('; ');

async function asAdmin(host: string, port: number, database: string, statements: string): Promise<void> {
  const client = new Client({ host, port, database, user: 'postgres' });
  await client.connect();
  try {
    await client.query(statements);
  } finally {
    await client.end();
  }
}

async function listening(server: ChildProcess, host: string, port: number): Promise<void> {
  while (server.exitCode === null) {
    const isThere = await asAdmin(host, port, 'postgres', 'select 1').then(
      () => true,
      () => false,
    );
    if (isThere) return;
    await delay(50);
  }
  throw new Error(`postgres ended with ${server.exitCode} before it could be reached`);
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
  const { stdout } = await promisify(execFile)('ps', ['-o', fields, '-p', pid]);
  return stdout.trim();
}
