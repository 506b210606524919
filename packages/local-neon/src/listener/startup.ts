/**
 * The login of a PostgreSQL connection, as it goes through the door. Neon's driver sends its password and its first query
 * before it is asked, and reads the end of the login as one piece. So
 *
 * - nothing reaches the server before a whole startup packet is there: who says half of one holds no backend;
 * - what the client sends behind its password waits until the server is ready: PostgreSQL closes a refused connection with such
 *   a query unread, and the reset that follows may overtake its reason;
 * - AuthenticationOk through the first ReadyForQuery reaches the client in one frame, and an answer only in a later one;
 * - a request for encryption is answered `N` here, as PostgreSQL would: its answer of one byte could not be told from a message;
 * - what a login says to Neon's proxy alone does not reach the server.
 *
 * https://www.postgresql.org/docs/current/protocol-message-formats.html
 */
import { stripEndpoint, stripPasswordPrefix } from './endpoint-id.ts';

const SSL_REQUEST = 80877103;
const GSSENC_REQUEST = 80877104;
/** MAX_STARTUP_PACKET_LENGTH */
const STARTUP_PACKET_BYTES_MAX = 10_000;
/** PG_MAX_AUTH_TOKEN_LENGTH, the longest message of a login. */
const PASSWORD_BYTES_MAX = 65_535;
const HELD_BYTES_MAX = 1_048_576;

const PASSWORD = 'p'.charCodeAt(0);
const AUTHENTICATION = 'R'.charCodeAt(0);
const READY_FOR_QUERY = 'Z'.charCodeAt(0);
const ERROR_RESPONSE = 'E'.charCodeAt(0);

export interface Startup {
  readonly fromClient: (chunk: Buffer) => void;
  readonly fromServer: (chunk: Buffer) => void;
}

export interface Ends {
  readonly toClient: (frame: Buffer) => void;
  readonly toServer: (bytes: Buffer) => void;
  /** The client has said as much as is held for it: read no more from it until it is ready. */
  readonly onFull: () => void;
  /** The login is through; bytes pass as they come. */
  readonly onReady: () => void;
  /** What the client sends is no login. */
  readonly onNonsense: () => void;
}

/** Stands between the two from the first byte. */
export function createStartup({ toClient, toServer, onFull, onReady, onNonsense }: Ends): Startup {
  let step: 'startup' | 'password' | 'waiting' | 'ready' = 'startup';
  const encryptionRequests = new Set([SSL_REQUEST, GSSENC_REQUEST]);
  let login: Buffer = Buffer.alloc(0);
  let isEndpointNamed = false;
  /** Behind the login. */
  const queries: Buffer[] = [];
  let queriedBytes = 0;
  let fromServer: Buffer = Buffer.alloc(0);
  let held: Buffer[] = [];

  const take = (length: number): Buffer => {
    const taken = login.subarray(0, length);
    login = login.subarray(length);
    return taken;
  };
  const refuse = (): void => {
    // It may go on for as long as it takes to close.
    take(login.length);
    onNonsense();
  };
  const passStartupPacket = (): void => {
    // Each is asked for once; PostgreSQL has its own answer to a second time.
    while (login.length >= 8 && encryptionRequests.delete(login.readInt32BE(4))) {
      take(8);
      toClient(Buffer.from('N'));
    }
    if (login.length < 8) return;
    const length = login.readUInt32BE(0);
    // TLS, say, which some clients begin although it was refused. PostgreSQL closes without a word, too.
    if (length < 8 || length > STARTUP_PACKET_BYTES_MAX) return refuse();
    if (login.length < length) return;
    step = 'password';
    const { packet, isNamed } = stripEndpoint(take(length));
    isEndpointNamed = isNamed;
    toServer(packet);
  };
  const passPasswords = (): void => {
    while (login[0] === PASSWORD) {
      const length = messageLength(login);
      if (login.length > PASSWORD_BYTES_MAX && !length) return refuse();
      if (!length) return;
      const password = take(length);
      toServer(isEndpointNamed ? password : stripPasswordPrefix(password));
    }
    if (login.length === 0) return;
    step = 'waiting';
    hold(login);
  };
  const hold = (chunk: Buffer): void => {
    queries.push(chunk);
    queriedBytes += chunk.length;
    if (queriedBytes > HELD_BYTES_MAX) onFull();
  };
  const flush = (): void => {
    if (held.length > 0) toClient(Buffer.concat(held));
    held = [];
  };

  return {
    fromClient: (chunk) => {
      if (step === 'ready') return toServer(chunk);
      if (step === 'waiting') return hold(chunk);
      login = Buffer.concat([login, chunk]);
      if (step === 'startup') passStartupPacket();
      if (step === 'password') passPasswords();
    },
    fromServer: (chunk) => {
      if (step === 'ready') return toClient(chunk);
      fromServer = Buffer.concat([fromServer, chunk]);
      let isReady = false;
      for (let length = messageLength(fromServer); length && !isReady; length = messageLength(fromServer)) {
        const message = fromServer.subarray(0, length);
        fromServer = fromServer.subarray(length);
        held.push(message);
        const isRequest = message[0] === AUTHENTICATION && message.readInt32BE(5) !== 0;
        if (isRequest || message[0] === ERROR_RESPONSE) flush();
        isReady = message[0] === READY_FOR_QUERY;
      }
      if (!isReady) return;
      step = 'ready';
      flush();
      if (fromServer.length > 0) toClient(fromServer);
      onReady();
      for (const query of queries.splice(0)) toServer(query);
    },
  };
}

/** One type byte, then the length of the rest, itself included. Undefined until all of it is there. */
function messageLength(bytes: Buffer): number | undefined {
  if (bytes.length < 5) return undefined;
  const length = 1 + bytes.readUInt32BE(1);
  return bytes.length < length ? undefined : length;
}
