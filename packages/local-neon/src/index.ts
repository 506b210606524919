/** The door of `@todo/local-neon`. */
export type { Branch, Branches, CreateOptions } from './branches.ts';
export { LocalNeonError, type LocalNeonErrorCode } from './error.ts';
export { launchersGone } from './running/launchers.ts';
export type { OnQuery, QueryEvent, Transport } from './door/query-event.ts';
export { removeLocalNeon } from './postgres/remove-data-directory.ts';
export { findLocalNeon, type LocalNeon, startLocalNeon, type StartOptions } from './local-neon.ts';
