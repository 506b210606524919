/** Reads and writes `settings.json` of a data directory: settings for later runs, readable for the owner only. */
import { randomBytes } from 'node:crypto';
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { type LocalNeonError, unusableDirectory } from '../error.ts';

export interface Settings {
  /** The password of the application's role. */
  readonly password: string;
  readonly superuserPassword: string;
  /** The port of the last start that succeeded. */
  readonly port?: number;
  /** Whether a start on this cluster has succeeded. Then the application's role and database exist. */
  readonly hasApplication?: boolean;
}

/**
 * Reads the settings. For a folder without data, creates settings with new passwords.
 *
 * Throws `DATA_DIRECTORY_UNUSABLE` when the settings are missing, damaged or unreadable: only they hold the passwords.
 */
export function openSettings(folder: string, hasData: boolean): Settings {
  const file = join(folder, 'settings.json');
  const json = readSettings(folder, file);
  if (json === undefined) {
    if (hasData) throw lostPasswordsError(folder, `${file} is missing`);
    createSettings(file);
    return openSettings(folder, hasData);
  }
  try {
    return parseSettings(JSON.parse(json));
  } catch (cause) {
    throw lostPasswordsError(folder, `${file} is damaged`, cause);
  }
}

function lostPasswordsError(folder: string, problem: string, cause?: unknown): LocalNeonError {
  const why = `${problem}. It held the passwords of the databases. To keep the databases, restore the file from a backup`;
  return unusableDirectory(folder, why, cause);
}

/** Saves the port and `hasApplication` at the end of a start, so that the URL stays the same from run to run. */
export function rememberStart(folder: string, settings: Settings, port: number): void {
  if (settings.port !== port || !settings.hasApplication)
    replaceSettings(folder, { ...settings, port, hasApplication: true });
}

/** Removes `hasApplication`, before a lost cluster is created again. */
export function removeApplicationFlag(folder: string, settings: Settings): Settings {
  if (!settings.hasApplication) return settings;
  const { hasApplication: _, ...others } = settings;
  replaceSettings(folder, others);
  return others;
}

function replaceSettings(folder: string, settings: Settings): void {
  const file = join(folder, 'settings.json');
  renameSync(writeStaged(file, settings), file);
}

/** The text of the file; undefined when the file is missing. */
function readSettings(folder: string, file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    throw unusableDirectory(folder, `${file} cannot be read (${message})`, error);
  }
}

function createSettings(file: string): void {
  const staged = writeStaged(file, { password: randomPassword(), superuserPassword: randomPassword() });
  try {
    // Unlike rename, link fails when another process was faster. Then its passwords are used.
    linkSync(staged, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(staged);
  }
}

function parseSettings(value: unknown): Settings {
  const { password, superuserPassword, port, hasApplication } = value as Record<string, unknown>;
  if (typeof password !== 'string' || typeof superuserPassword !== 'string') throw new TypeError('no passwords');
  return {
    password,
    superuserPassword,
    ...(typeof port === 'number' ? { port } : {}),
    ...(hasApplication === true ? { hasApplication } : {}),
  };
}

/** Writes to a unique name and returns it: when two processes write at once, each renames its own file. */
function writeStaged(file: string, settings: Settings): string {
  const staged = `${file}.${randomBytes(6).toString('hex')}`;
  writeFileSync(staged, `${JSON.stringify(settings, null, 2)}\n`, { mode: 0o600, flag: 'wx' });
  return staged;
}

/** Letters and digits only, which need no percent-encoding in a URL. */
function randomPassword(): string {
  return randomBytes(18).toString('hex');
}
