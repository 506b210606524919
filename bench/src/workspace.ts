/**
 * The packages of the workspace, by their entry points. This folder is not part of the workspace, so package names do not resolve. The
 * command builds the packages first.
 */
export { type LocalNeon, removeLocalNeon, startLocalNeon } from '../../packages/local-neon/dist/index.js';
export { connectSession, connectWebSocket } from '../../packages/db/dist/index.js';
export { todosOf, users } from '../../packages/db/dist/queries/index.js';
export { migrate } from '../../packages/db/dist/migrate.js';
export { migrate as migrateFolder } from '../../packages/migrator/dist/index.js';

/** The command line of local-neon. */
export const LOCAL_NEON_CLI = new URL('../../packages/local-neon/dist/cli.js', import.meta.url);

/** Parts of local-neon's gateway, so that another gateway sends the same bytes. */
export { commandMessage, statementMessages } from '../../packages/local-neon/dist/wire/client-messages.js';
export { createServerMessages } from '../../packages/local-neon/dist/wire/server-messages.js';
export { createOnreadSocket } from '../../packages/local-neon/dist/sql/onread-socket.js';
