/**
 * The packages of the workspace, by their entry points. This folder is not part of the workspace, so package names do not resolve. The
 * command builds the packages first.
 */
export { connectHttp, connectSession, connectWebSocket, type Database } from '../../packages/client/dist/index.js';
export { type LocalNeon, startLocalNeon } from '../../packages/local-neon/dist/index.js';
export { migrate } from '../../packages/db/dist/migrate.js';
