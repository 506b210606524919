/**
 * The user that PostgreSQL runs as. PostgreSQL refuses to run as root, the user of most containers. For root it runs as
 * `nobody`, or as `daemon` on macOS, where `nobody` cannot own files. Both exist on every system.
 */
export interface ServerUser {
  readonly uid: number;
  readonly gid: number;
}

const NOBODY: ServerUser = { uid: 65534, gid: 65534 };
const DAEMON: ServerUser = { uid: 1, gid: 1 };

/** The user to run PostgreSQL as; undefined for the current user. */
export function serverUser(): ServerUser | undefined {
  if (process.getuid?.() !== 0) return undefined;
  return process.platform === 'darwin' ? DAEMON : NOBODY;
}
