/** The public entry point of `@todo/local-neon`. */
export type { Branch, Branches, CreateOptions } from './branches.ts';
export { LocalNeonError, type LocalNeonErrorCode } from './error.ts';
export type { OnQuery, QueryEvent, Transport } from './query-events/query-event.ts';
export { removeLocalNeon } from './postgres/remove-data-directory.ts';
export { findLocalNeon, type LocalNeon, startLocalNeon, type StartOptions } from './local-neon.ts';
