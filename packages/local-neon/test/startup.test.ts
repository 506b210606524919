import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import { createStartup } from '../src/listener/startup.ts';

function message(type: string, body: string): Buffer {
  const length = Buffer.alloc(4);
  length.writeInt32BE(body.length + 4);
  return Buffer.concat([Buffer.from(type, 'latin1'), length, Buffer.from(body, 'latin1')]);
}

// The messages that the driver sends at once, and the server's responses.
const LOGIN = Buffer.concat([message('', '\0\x03\0\0user\0me\0\0'), message('p', 'secret\0')]);
const QUERIES = Buffer.concat([message('Q', 'select 1\0'), message('Q', 'select 2\0')]);
const ASK_PASSWORD = message('R', '\0\0\0\x03');
const LOGIN_END = Buffer.concat([
  message('R', '\0\0\0\0'),
  message('S', 'a\0b\0'),
  message('K', '12345678'),
  message('Z', 'I'),
]);
const RESPONSES = Buffer.concat([message('T', ''), message('C', 'SELECT 1\0'), message('Z', 'I')]);
const REFUSAL = message('E', 'SFATAL\0C28P01\0\0');

/** The bytes, cut anywhere. */
const inPieces = (whole: Buffer): fc.Arbitrary<Buffer[]> =>
  fc.array(fc.nat({ max: whole.length }), { maxLength: 6 }).map((places) => {
    const ends = [...places, whole.length].toSorted((a, b) => a - b);
    return ends.map((end, index) => whole.subarray(ends[index - 1] ?? 0, end));
  });

/** Opens a login, and records the bytes for each side. */
function open(onFull = (): void => {}): {
  startup: ReturnType<typeof createStartup>;
  toServer: () => Buffer;
  frames: Buffer[];
  refusals: () => number;
} {
  const toServer: Buffer[] = [];
  const frames: Buffer[] = [];
  let refusals = 0;
  const startup = createStartup({
    toServer: (bytes) => toServer.push(bytes),
    toClient: (bytes) => frames.push(bytes),
    onFull,
    onReady() {},
    onInvalid: () => (refusals += 1),
  });
  return { startup, toServer: () => Buffer.concat(toServer), frames, refusals: () => refusals };
}

test('queries sent after the login wait until the server is ready, however the bytes are cut', () => {
  const untilReady = Buffer.concat([ASK_PASSWORD, LOGIN_END]);
  fc.assert(
    fc.property(inPieces(Buffer.concat([LOGIN, QUERIES])), inPieces(untilReady.subarray(0, -1)), (sent, received) => {
      const { startup, toServer } = open();
      for (const bytes of sent) startup.fromClient(bytes);
      for (const bytes of received) startup.fromServer(bytes);
      expect(toServer()).toEqual(LOGIN);
      startup.fromServer(untilReady.subarray(-1));
      expect(toServer()).toEqual(Buffer.concat([LOGIN, QUERIES]));
      startup.fromClient(QUERIES);
      expect(toServer()).toEqual(Buffer.concat([LOGIN, QUERIES, QUERIES]));
    }),
  );
});

test('queries sent after a refused login never reach the server', () => {
  fc.assert(
    fc.property(
      inPieces(Buffer.concat([LOGIN, QUERIES])),
      inPieces(Buffer.concat([ASK_PASSWORD, REFUSAL])),
      (sent, received) => {
        const { startup, toServer, frames } = open();
        for (const bytes of sent) startup.fromClient(bytes);
        for (const bytes of received) startup.fromServer(bytes);
        expect(toServer()).toEqual(LOGIN);
        expect(frames).toEqual([ASK_PASSWORD, REFUSAL]);
      },
    ),
  );
});

test('AuthenticationOk to ReadyForQuery is one frame, and responses come in later frames', () => {
  fc.assert(
    fc.property(inPieces(LOGIN), inPieces(Buffer.concat([ASK_PASSWORD, LOGIN_END, RESPONSES])), (sent, received) => {
      const { startup, frames } = open();
      for (const bytes of sent) startup.fromClient(bytes);
      for (const bytes of received) startup.fromServer(bytes);
      expect(frames.slice(0, 2)).toEqual([ASK_PASSWORD, LOGIN_END]);
      expect(Buffer.concat(frames.slice(2))).toEqual(RESPONSES);
    }),
  );
});

test('a client that sends more than 1 MiB after its login is paused', () => {
  let times = 0;
  const { startup } = open(() => (times += 1));
  startup.fromClient(LOGIN);
  startup.fromClient(Buffer.alloc(1_048_576));
  expect(times).toBe(0);
  startup.fromClient(Buffer.alloc(1));
  expect(times).toBe(1);
});

test.each([
  ['too long', [0, 0, 0x27, 0x11, 0, 3, 0, 0]],
  ['too short', [0, 0, 0, 7, 0, 3, 0, 0]],
  ['a TLS handshake, begun although TLS was refused', [0, 0, 0, 8, 4, 210, 22, 47, 22, 3, 1, 2, 0, 1, 0, 1]],
])('a startup packet of an impossible length is refused: %s', (_, bytes) => {
  const { startup, toServer, refusals } = open();
  startup.fromClient(Buffer.from(bytes));
  expect(refusals()).toBe(1);
  expect(toServer()).toEqual(Buffer.alloc(0));
});
