/**
 * What root's server keeps on behalf of the data directories whose folders it cannot enter: a home for each, where the link in
 * the data directory leads. Each home notes whose it is, for a link is easily copied.
 */
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';

import { giveToServer } from './folders.ts';

const STATE_FOLDER = '/var/lib/local-neon';

/** Makes a home that belongs to nobody yet. */
export function createHome(dataDir: string): string {
  mkdirSync(STATE_FOLDER, { recursive: true });
  chmodSync(STATE_FOLDER, 0o711);
  // Its owner, the guard among them, may remove what is in it.
  giveToServer(STATE_FOLDER);
  // A name may be as long as it likes, but this one grows.
  const name = basename(dirname(dataDir)).slice(0, 40);
  return mkdtempSync(join(STATE_FOLDER, `${name}-`));
}

/** Makes one again by its name, if it is not there. */
export function remakeHome(home: string): string {
  mkdirSync(home, { recursive: true, mode: 0o700 });
  giveToServer(home);
  return home;
}

/** The home that the link of a data directory leads to, there or not; undefined where it has none, or one of somebody's own. */
export function findHome(dataDir: string): string | undefined {
  try {
    const home = dirname(readlinkSync(join(dataDir, 'postgres')));
    return dirname(home) === STATE_FOLDER ? home : undefined;
  } catch {
    return undefined;
  }
}

/** The other data directory whose home it is; undefined where this one is no copy. */
export function findOriginal(home: string, dataDir: string): string | undefined {
  const owner = readOwner(home);
  if (owner === undefined || owner === dataDir) return undefined;
  return findHome(owner) === home && !areSame(owner, dataDir) ? owner : undefined;
}

/** Notes whose it is: of one that is new, or whose data directory was moved. */
export function claimHome(home: string, dataDir: string): void {
  if (readOwner(home) === dataDir) return;
  // The home is the server's: a link that was put there must not lead root elsewhere.
  rmSync(noteIn(home), { force: true });
  writeFileSync(noteIn(home), dataDir, { flag: 'wx' });
}

function noteIn(home: string): string {
  return join(home, 'data-directory');
}

function readOwner(home: string): string | undefined {
  try {
    return readFileSync(noteIn(home), 'utf8');
  } catch {
    return undefined;
  }
}

/** One folder may have several paths. */
function areSame(one: string, other: string): boolean {
  const [a, b] = [statSync(one), statSync(other)];
  return a.dev === b.dev && a.ino === b.ino;
}
