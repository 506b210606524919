/** One connection of the Neon driver over one WebSocket, configured by its connection string. */
import { Client, type ClientConfig } from '@neondatabase/serverless';
import type { WebSocket } from 'ws';

import { coalesceWrites } from './coalesced-writes.ts';
import type { Endpoint } from './endpoint.ts';
import { connectTimeoutMessage } from './errors/connect-messages.ts';
import { observe } from './requests/observer.ts';
import { reportErrors } from './websocket-errors.ts';
import { setWebSocketEndpoint } from './websocket-endpoint.ts';

/** Creates a subclass of the driver's `Client` for one connection string. It is a class because a pool creates its clients itself. */
export function clientClass(url: URL, connectTimeoutMs: number, wsProxy?: Endpoint): typeof Client {
  return class extends Client {
    /** A flag, not a time stamp: on a busy machine, time passes between the driver's check of the clock and another check. */
    #isGivenUp = false;

    constructor(config?: string | ClientConfig) {
      super(config);
      setWebSocketEndpoint(this, url, wsProxy);
      reportErrors(this, url);
      coalesceWrites(this);
      // A connection may drop while no statement runs, for example between two statements of a transaction. The next statement reports the
      // loss; an `error` event without a listener would end the process.
      this.on('error', () => {});
      closeAtOnce(this, () => (this.#isGivenUp = true));
    }

    override connect(): Promise<void>;
    override connect(callback: (error?: Error) => void): void;
    override connect(callback?: (error?: Error) => void): Promise<void> | void {
      // Only the driver's time limits destroy a connection that is not open yet.
      const toConnectError = (failure: Error) => (this.#isGivenUp ? timeoutError(url, connectTimeoutMs) : failure);
      if (callback === undefined) {
        return observe('connect', url, [], () =>
          super.connect().catch((error: Error) => Promise.reject(toConnectError(error))),
        );
      }
      // Call back in the task of the event, as the driver does: the pool then listens before the next message is read.
      const connect = () =>
        new Promise<void>((resolve, reject) => {
          super.connect((error) => {
            const failure = error && toConnectError(error);
            callback(failure);
            // The driver passes null for no error.
            if (failure) reject(failure);
            else resolve();
          });
        });
      observe('connect', url, [], connect).catch(() => {});
    }
  };
}

/** Makes `destroy` close the socket at once. The driver's own waits half a minute for the other side to confirm. */
function closeAtOnce(client: Client, onDestroy: () => void): void {
  // The driver's types do not have its WebSocket. `terminate` exists when the WebSocket is from `ws`.
  const socket = client.neonConfig as Client['neonConfig'] & {
    readonly ws: Partial<Pick<WebSocket, 'terminate' | 'close'>> | null;
  };
  socket.destroy = () => {
    onDestroy();
    socket.destroyed = true;
    try {
      if (socket.ws?.terminate === undefined) socket.ws?.close?.();
      else socket.ws.terminate();
    } catch {
      // The runtime does not let this request close a WebSocket of another request, and emits nothing. The driver waits for this event.
      socket.emit('close');
    }
    return socket;
  };
}

/** The error for a connection timeout. The driver does not report why it closed the socket. */
function timeoutError(url: URL, connectTimeoutMs: number): Error {
  return Object.assign(new Error(connectTimeoutMessage(url.host, connectTimeoutMs)), { code: 'ETIMEDOUT' });
}
