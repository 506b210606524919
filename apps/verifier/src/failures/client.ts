/** Failures of the client: runtime, driver, pool, and servers that are not Neon. */
import { type Failure, fromProxy } from './failure.ts';

export const CLIENT = {
  'no-module': {
    codes: ['ERR_MODULE_NOT_FOUND', 'MODULE_NOT_FOUND', 'ERR_UNSUPPORTED_DIR_IMPORT', 'ERR_PACKAGE_PATH_NOT_EXPORTED'],
    cause: 'A module cannot be imported: the packages are not built, or their `exports` do not include the path.',
    remedy:
      'Run pnpm build. If the error stays, add the extension `.js`, or import a path in the `exports` of the package.',
    examples: [
      { message: "Cannot find module '/app/packages/db/dist/index.js'", code: 'ERR_MODULE_NOT_FOUND' },
      { message: "Cannot find module './user'", code: 'MODULE_NOT_FOUND' },
      { message: "Directory import '/app/src/schema' is not supported", code: 'ERR_UNSUPPORTED_DIR_IMPORT' },
      { message: 'Package subpath \'./src\' is not defined by "exports"', code: 'ERR_PACKAGE_PATH_NOT_EXPORTED' },
    ],
  },
  'no-websocket': {
    text: /All attempts to open a WebSocket/,
    cause: 'This runtime has no WebSocket, or a proxy or firewall blocks WebSockets.',
    remedy:
      'Use Node 22 or newer, or connectWebSocket of @todo/client, which brings a WebSocket. Allow WebSockets in proxy and firewall.',
    examples: [
      {
        message:
          'All attempts to open a WebSocket to connect to the database failed. Please refer to https://github.com/neondatabase/serverless/blob/main/CONFIG.md',
      },
    ],
  },
  'pool-exhausted': {
    text: /timeout exceeded when trying to connect|No connection became free within/,
    cause: 'Every connection of the pool is in use: the pool is too small, or a client was never released.',
    remedy:
      'Release each client in `finally`. If all are released, raise `connectionsMax` (`max` in pg). Test: pnpm verify --only pool',
    examples: [
      { message: 'timeout exceeded when trying to connect' },
      { message: 'No connection became free within 500 ms: 1 of 1 are busy' },
    ],
  },
  'no-transaction-over-http': {
    text: /No transactions support in neon-http|HTTP has no transactions/,
    cause: 'The HTTP driver has no interactive transactions.',
    remedy: 'Use `batch()`, or `transaction()` of the WebSocket client.',
    examples: [{ message: 'No transactions support in neon-http driver' }],
  },
  'too-large': {
    text: /response is too large|HTTP status (507|413)|request is too large|10 MiB are the limit/,
    cause: 'A request or a response over HTTP is larger than 10 MiB.',
    remedy: 'Read rows in pages (LIMIT), or use the WebSocket client.',
    examples: [
      {
        name: 'NeonDbError',
        message: 'Server error (HTTP status 507): {"message":"response is too large (max is 10485760 bytes)"}',
      },
      { name: 'NeonDbError', message: 'Server error (HTTP status 413): request is too large' },
    ],
  },
  'server-error': {
    text: /Server error \(HTTP status 5|Unexpected server response: 5/,
    cause: 'Neon, or a proxy in between, responded with a server error.',
    remedy: 'Try again in a moment; https://neonstatus.com lists incidents.',
    examples: [
      { name: 'NeonDbError', message: 'Server error (HTTP status 502): Bad gateway' },
      { message: 'WebSocket to ep-x.neon.tech failed: Unexpected server response: 503' },
    ],
  },
  'not-neon': {
    codes: ['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE'],
    text: /other side closed|socket hang up|Parse Error: |Unexpected server response|is not valid JSON|HTTP status 4/,
    cause: 'The server does not speak Neon’s protocol, or the connection was cut.',
    remedy:
      'Try again. If the error stays, use a Neon connection string: a PostgreSQL without Neon’s protocol on another machine needs a gateway (local-neon --postgres).',
    examples: [
      { name: 'SocketError', message: 'other side closed', code: 'UND_ERR_SOCKET' },
      { message: 'socket hang up', code: 'ECONNRESET' },
      { message: 'write EPIPE', code: 'EPIPE' },
      { message: 'Parse Error: Expected HTTP/', code: 'HPE_INVALID_CONSTANT' },
      { message: 'WebSocket to localhost:80 failed: Unexpected server response: 404' },
      { name: 'SyntaxError', message: 'Unexpected token < in JSON at position 0 is not valid JSON' },
      { name: 'NeonDbError', message: 'Server error (HTTP status 404): <html>' },
    ],
  },
  'connection-lost': {
    text: /Connection terminated|Client has encountered a connection error|connection to the database was lost|WebSocket to .* failed|WebSocket .*(closed|not open)|^ErrorEvent/,
    cause: 'The connection failed to open or was lost: the branch was deleted, the compute stopped, or a proxy cut it.',
    remedy: 'Close pools before deleting a branch; allow WebSockets in proxy and firewall; then try again.',
    examples: [
      { message: 'Connection terminated unexpectedly' },
      { message: 'Client has encountered a connection error and is not queryable' },
      {
        name: 'DatabaseError',
        message: 'The connection to the database was lost: the server went away. A write was running',
      },
      { message: 'WebSocket to ep-x.neon.tech failed: no reason given' },
      { message: 'WebSocket is not open: readyState 3 (CLOSED)' },
      { name: 'ErrorEvent' },
      fromProxy('Connection terminated unexpectedly'),
    ],
  },
} satisfies Record<string, Failure>;
