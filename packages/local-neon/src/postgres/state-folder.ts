/**
 * What root's server keeps on behalf of the data directories whose folders it cannot enter: a home for each, where the link in
 * the data directory leads. Each home notes whose it is, for a link is easily copied.
 */
import { chmod, mkdir, mkdtemp, readFile, readlink, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

import { giveToServer } from './folders.ts';

const STATE_FOLDER = '/var/lib/local-neon';

/** Makes a home that belongs to nobody yet. */
export async function createHome(dataDir: string): Promise<string> {
  await mkdir(STATE_FOLDER, { recursive: true });
  await chmod(STATE_FOLDER, 0o711);
  // Its owner, the guard among them, may remove what is in it.
  await giveToServer(STATE_FOLDER);
  // A name may be as long as it likes, but this one grows.
  const name = basename(dirname(dataDir)).slice(0, 40);
  return mkdtemp(join(STATE_FOLDER, `${name}-`));
}

/** Makes one again by its name, if it is not there. */
export async function remakeHome(home: string): Promise<string> {
  await mkdir(home, { recursive: true, mode: 0o700 });
  await giveToServer(home);
  return home;
}

/** The home that the link of a data directory leads to, there or not; undefined where it has none, or one of somebody's own. */
export async function findHome(dataDir: string): Promise<string | undefined> {
  const cluster = await readlink(join(dataDir, 'postgres')).catch(() => undefined);
  const home = cluster && dirname(cluster);
  return home && dirname(home) === STATE_FOLDER ? home : undefined;
}

/**
 * Takes the home of a data directory: one that is new, or that it had before it was moved. Returns the other data directory
 * whose home it is, if this one is a copy.
 */
export async function claimHome(home: string, dataDir: string): Promise<string | undefined> {
  const note = join(home, 'data-directory');
  const owner = await readFile(note, 'utf8').catch(() => '');
  if (owner === dataDir) return undefined;
  if (owner !== '' && (await findHome(owner)) === home && !(await areSame(owner, dataDir))) return owner;
  await writeFile(note, dataDir);
  return undefined;
}

/** One folder may have several paths. */
async function areSame(one: string, other: string): Promise<boolean> {
  const [a, b] = await Promise.all([stat(one), stat(other)]);
  return a.dev === b.dev && a.ino === b.ino;
}
