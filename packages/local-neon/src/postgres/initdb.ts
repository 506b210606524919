/** Creates a PostgreSQL cluster (a data directory for the server). */
import { execFile } from 'node:child_process';
import { rm, writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';

import { LocalNeonError } from '../error.ts';
import { giveToServer } from './folders.ts';
import type { PostgresPrograms } from './postgres-programs.ts';
import { serverUser } from './server-user.ts';

export const SUPERUSER = 'postgres';

/**
 * Creates a cluster in the empty folder `cluster`, which belongs to the server. UTF-8 and code-point order are the same
 * on every operating system. Passwords are stored as SCRAM and sent in clear text, as on Neon (inside TLS on Neon):
 * Neon's driver sends the password before the server asks for it.
 */
export async function initdb(
  programs: PostgresPrograms,
  cluster: string,
  passwordFile: string,
  password: string,
): Promise<void> {
  await writeFile(passwordFile, `${password}\n`, { mode: 0o600, flag: 'wx' });
  giveToServer(passwordFile);
  const options = [
    ['--pgdata', cluster],
    ['--username', SUPERUSER],
    ['--pwfile', passwordFile],
    ['--auth', 'password'],
    ['--encoding', 'UTF8'],
    ...localeOptions(Number(programs.major)),
    ['--no-sync'],
    ['--no-instructions'],
  ].flat();
  try {
    await promisify(execFile)(programs.initdb, options, { ...serverUser(), cwd: '/', env: {}, timeout: 180_000 });
  } catch (cause) {
    throw initdbError(cause, cluster);
  } finally {
    await rm(passwordFile, { force: true });
  }
}

/**
 * The options for the locale. PostgreSQL 17 and later have C.UTF-8 themselves. Earlier versions take it from the system.
 * macOS lacks C.UTF-8: there, `upper` and `lower` change ASCII letters only.
 */
function localeOptions(major: number): string[][] {
  const codePointOrder = ['--locale', 'C'];
  if (major >= 17) return [codePointOrder, ['--locale-provider', 'builtin'], ['--builtin-locale', 'C.UTF-8']];
  return process.platform === 'linux' ? [codePointOrder, ['--lc-ctype', 'C.UTF-8']] : [codePointOrder];
}

function initdbError(cause: unknown, cluster: string): LocalNeonError {
  const { code, stderr = '' } = cause as { code?: unknown; stderr?: string };
  if (code === 'ENOENT') {
    // initdb exists, but its loader does not: the system has musl instead of glibc.
    const message =
      'The packaged PostgreSQL cannot run here: it needs glibc, which Alpine Linux does not have. Use a Debian-based image (node:22-slim).';
    return new LocalNeonError('UNSUPPORTED_PLATFORM', message, { cause });
  }
  const output = stderr.trim() || String(cause);
  const remedy = output.includes('could not look up effective user ID')
    ? 'PostgreSQL requires a user with a name: add a line for this uid to /etc/passwd, or run as root.'
    : 'Check the free space of the disk and the permissions of the folder.';
  const message = `PostgreSQL could not create a database in ${cluster}: ${output}. ${remedy}`;
  return new LocalNeonError('START_FAILED', message, { cause });
}
