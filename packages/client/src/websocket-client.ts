/** One connection of the Neon driver over one WebSocket, set up from the connection string alone. */
import { Client, type ClientConfig } from '@neondatabase/serverless';
import type { WebSocket } from 'ws';

import type { Endpoint } from './endpoint.ts';
import { coalesceWrites } from './coalesced-writes.ts';
import { setWebSocketEndpoint } from './websocket-endpoint.ts';

/** The driver's `Client` for one connection string; a class, because a pool makes its own clients. */
export function clientClass(url: URL, connectTimeoutMs: number, wsProxy?: Endpoint): typeof Client {
  return class extends Client {
    /** Not told by the clock: on a busy machine, time passes between the driver's look at it and another one. */
    #isGivenUp = false;

    constructor(config?: string | ClientConfig) {
      super(config);
      setWebSocketEndpoint(this, url, wsProxy);
      coalesceWrites(this);
      // A connection may drop when nobody waits on it, between two statements of a transaction say. The next
      // statement reports it; an `error` event that nobody listens to would end the process.
      this.on('error', () => {});
      closeAtOnce(this, () => {
        this.#isGivenUp = true;
      });
    }

    override connect(): Promise<void>;
    override connect(callback: (error?: Error) => void): void;
    override connect(callback?: (error?: Error) => void): Promise<void> | void {
      // Until it is connected, only the driver's time limits destroy it.
      const explain = (failure: unknown) =>
        this.#isGivenUp ? timeoutError(url, connectTimeoutMs) : connectError(url, failure);
      if (callback === undefined) return super.connect().catch((error: unknown) => Promise.reject(explain(error)));
      super.connect((error) => callback(error && explain(error)));
    }
  };
}

/** To destroy a connection, the driver asks the other side to close it: one that is gone does not answer, for half a minute. */
function closeAtOnce(client: Client, onDestroy: () => void): void {
  // Its WebSocket is missing from the driver's types; `terminate` is there when it is the one of `ws`.
  const socket = client.neonConfig as Client['neonConfig'] & {
    readonly ws: Partial<Pick<WebSocket, 'terminate' | 'close'>> | null;
  };
  socket.destroy = () => {
    onDestroy();
    socket.destroyed = true;
    if (socket.ws?.terminate === undefined) socket.ws?.close?.();
    else socket.ws.terminate();
    return socket;
  };
}

/** The driver reports a closed socket and not why it closed it. */
function timeoutError(url: URL, connectTimeoutMs: number): Error {
  return Object.assign(new Error(`No connection to ${url.host} within ${connectTimeoutMs} ms`), { code: 'ETIMEDOUT' });
}

/** The driver hands on the WebSocket's error *event*, which is no `Error` and prints as `[object ErrorEvent]`. */
function connectError(url: URL, failure: unknown): Error {
  if (failure instanceof Error) return failure;
  const { message, error: cause } = failure as Partial<ErrorEvent>;
  return new Error(`WebSocket to ${url.host} failed: ${message || 'no reason given'}`, { cause });
}
