/**
 * Relays the login of a PostgreSQL connection. Neon's driver sends its password and its first query before PostgreSQL
 * asks for the password, and expects the end of the login in one piece. Therefore:
 *
 * - The server receives nothing before the startup packet is complete: half a packet must not hold a backend.
 * - Queries that follow the password wait until the server is ready. PostgreSQL closes a refused connection without
 *   reading them, and the TCP reset of such a close may overtake the reason of the refusal.
 * - The client receives AuthenticationOk through the first ReadyForQuery in one frame, and the responses to its queries
 *   in later frames.
 * - This relay itself responds to a request for encryption, with `N` as PostgreSQL does: a response of one byte looks
 *   like a part of a message.
 * - Parameters for Neon's proxy are removed.
 *
 * https://www.postgresql.org/docs/current/protocol-message-formats.html
 */
import {
  ERROR_RESPONSE,
  isAuthenticationRequest,
  messageLength,
  PASSWORD_BYTES_MAX,
  PASSWORD_MESSAGE,
  READY_FOR_QUERY,
} from '../wire/messages.ts';
import { GSSENC_REQUEST, SSL_REQUEST, STARTUP_PACKET_BYTES_MAX } from '../wire/startup-packet.ts';
import { stripEndpoint, stripPasswordPrefix } from './endpoint-id.ts';

const QUEUED_BYTES_MAX = 1_048_576;
/** A length and a code: the shortest packet that a client may begin with. */
const PACKET_BYTES_MIN = 8;

export interface Startup {
  readonly fromClient: (chunk: Buffer) => void;
  readonly fromServer: (chunk: Buffer) => void;
}

export interface StartupHandlers {
  readonly toClient: (frame: Buffer) => void;
  readonly toServer: (bytes: Buffer) => void;
  /** The queue of the client's queries is full: stop reading from the client until `onReady`. */
  readonly onFull: () => void;
  /** The login has succeeded. From now on bytes pass unchanged. */
  readonly onReady: () => void;
  /** The client sent no valid login. */
  readonly onInvalid: () => void;
}

interface StartupState extends StartupHandlers {
  /** The next input: a startup packet, a password, ReadyForQuery ('waiting'), or queries ('ready'). */
  step: 'startup' | 'password' | 'waiting' | 'ready';
  /** Requests for encryption that the client may still send. */
  readonly encryptionRequests: Set<number>;
  /** Bytes from the client that are not yet a complete packet or message. */
  unread: Buffer;
  isEndpointNamed: boolean;
  /** Bytes from the client after the login. */
  readonly queue: Buffer[];
  queuedBytes: number;
  /** Bytes from the server that are not yet a complete message. */
  unreadFromServer: Buffer;
  /** Messages of the server for the next frame. */
  held: Buffer[];
}

/** Relays both directions from the first byte on. */
export function createStartup(handlers: StartupHandlers): Startup {
  const state: StartupState = {
    ...handlers,
    step: 'startup',
    encryptionRequests: new Set([SSL_REQUEST, GSSENC_REQUEST]),
    unread: Buffer.alloc(0),
    isEndpointNamed: false,
    queue: [],
    queuedBytes: 0,
    unreadFromServer: Buffer.alloc(0),
    held: [],
  };
  return {
    fromClient: (chunk) => (state.step === 'ready' ? state.toServer(chunk) : readClient(state, chunk)),
    fromServer: (chunk) => (state.step === 'ready' ? state.toClient(chunk) : readServer(state, chunk)),
  };
}

function readClient(state: StartupState, chunk: Buffer): void {
  if (state.step === 'waiting') return enqueue(state, chunk);
  state.unread = Buffer.concat([state.unread, chunk]);
  if (state.step === 'startup') readStartupPacket(state);
  if (state.step === 'password') readPasswords(state);
}

/** Responds to requests for encryption. Passes on the startup packet when it is complete. */
function readStartupPacket(state: StartupState): void {
  // A second request of the same kind is passed on to PostgreSQL, which responds to it.
  while (state.unread.length >= PACKET_BYTES_MIN && state.encryptionRequests.delete(state.unread.readInt32BE(4))) {
    take(state, PACKET_BYTES_MIN);
    state.toClient(Buffer.from('N'));
  }
  if (state.unread.length < PACKET_BYTES_MIN) return;
  const length = state.unread.readUInt32BE(0);
  // Some clients begin TLS although it was refused. Like PostgreSQL, close the connection without an error.
  if (length < PACKET_BYTES_MIN || length > STARTUP_PACKET_BYTES_MAX) return refuse(state);
  if (state.unread.length < length) return;
  state.step = 'password';
  const { packet, hasEndpoint } = stripEndpoint(take(state, length));
  state.isEndpointNamed = hasEndpoint;
  state.toServer(packet);
}

/** Passes on complete password messages. The first other message begins the queue of queries. */
function readPasswords(state: StartupState): void {
  while (state.unread[0] === PASSWORD_MESSAGE) {
    const length = messageLength(state.unread);
    if (state.unread.length > PASSWORD_BYTES_MAX && !length) return refuse(state);
    if (!length) return;
    const password = take(state, length);
    state.toServer(state.isEndpointNamed ? password : stripPasswordPrefix(password));
  }
  if (state.unread.length === 0) return;
  state.step = 'waiting';
  enqueue(state, state.unread);
}

/** Removes bytes from the front of `unread` and returns them. */
function take(state: StartupState, length: number): Buffer {
  const taken = state.unread.subarray(0, length);
  state.unread = state.unread.subarray(length);
  return taken;
}

function refuse(state: StartupState): void {
  // The client may send more until its connection is closed.
  take(state, state.unread.length);
  state.onInvalid();
}

function enqueue(state: StartupState, chunk: Buffer): void {
  state.queue.push(chunk);
  state.queuedBytes += chunk.length;
  if (state.queuedBytes > QUEUED_BYTES_MAX) state.onFull();
}

/** Holds the server's messages until ReadyForQuery. Sends authentication requests and errors at once. */
function readServer(state: StartupState, chunk: Buffer): void {
  state.unreadFromServer = Buffer.concat([state.unreadFromServer, chunk]);
  for (let length = messageLength(state.unreadFromServer); length; length = messageLength(state.unreadFromServer)) {
    const message = state.unreadFromServer.subarray(0, length);
    state.unreadFromServer = state.unreadFromServer.subarray(length);
    state.held.push(message);
    if (message[0] === READY_FOR_QUERY) return becomeReady(state);
    if (isAuthenticationRequest(message) || message[0] === ERROR_RESPONSE) flush(state);
  }
}

function becomeReady(state: StartupState): void {
  state.step = 'ready';
  flush(state);
  if (state.unreadFromServer.length > 0) state.toClient(state.unreadFromServer);
  state.onReady();
  for (const chunk of state.queue.splice(0)) state.toServer(chunk);
}

/** Sends the held messages to the client, in one frame. */
function flush(state: StartupState): void {
  if (state.held.length > 0) state.toClient(Buffer.concat(state.held));
  state.held = [];
}
