/**
 * PostgreSQL refuses to run as root, which is who most containers are. There it runs as `nobody`, or as `daemon` on macOS,
 * where `nobody` is no valid owner: both exist on every system, so no user has to be added to it.
 */
export interface ServerUser {
  readonly uid: number;
  readonly gid: number;
}

const NOBODY: ServerUser = { uid: 65534, gid: 65534 };
const DAEMON: ServerUser = { uid: 1, gid: 1 };

/** The user to run PostgreSQL as; `undefined` is the user we are. */
export function serverUser(): ServerUser | undefined {
  if (process.getuid?.() !== 0) return undefined;
  return process.platform === 'darwin' ? DAEMON : NOBODY;
}
