/**
 * The packages of the workspace, through their entry points. This folder is no member of it, so their names do not lead there; the
 * command builds them first.
 */
export { connectHttp, connectSession, connectWebSocket, type Database } from '../../packages/client/dist/index.js';
export { type LocalNeon, startLocalNeon } from '../../packages/local-neon/dist/index.js';
export { migrate } from '../../packages/db/dist/migrate.js';
