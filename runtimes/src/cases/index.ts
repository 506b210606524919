/** Every case, by its name in the table. */
import type { Case } from './case.js';
import { batch, httpKeptClient, httpLostConnection, httpQuery, httpTypedErrors } from './over-http.js';
import {
  close,
  interactiveTransaction,
  websocketKeptClient,
  websocketLostConnection,
  websocketQuery,
  websocketTypedErrors,
} from './over-websocket.js';

export const CASES = {
  'HTTP: query': httpQuery,
  'HTTP: batch': batch,
  'HTTP: typed errors': httpTypedErrors,
  'HTTP: lost connection': httpLostConnection,
  'HTTP: kept client': httpKeptClient,
  'WebSocket: query': websocketQuery,
  'WebSocket: transaction': interactiveTransaction,
  'WebSocket: typed errors': websocketTypedErrors,
  'WebSocket: lost connection': websocketLostConnection,
  'WebSocket: close()': close,
  'WebSocket: kept client': websocketKeptClient,
} satisfies Record<string, Case>;

export type CaseName = keyof typeof CASES;

// The keys of the object above.
export const CASE_NAMES = Object.keys(CASES) as CaseName[];
