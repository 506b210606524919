import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import { createStartup } from '../src/listener/startup.ts';

function message(type: string, body: string): Buffer {
  const length = Buffer.alloc(4);
  length.writeInt32BE(body.length + 4);
  return Buffer.concat([Buffer.from(type, 'latin1'), length, Buffer.from(body, 'latin1')]);
}

// What the driver says at once, and what the server says in turn.
const LOGIN = Buffer.concat([message('', '\0\x03\0\0user\0me\0\0'), message('p', 'secret\0')]);
const QUERIES = Buffer.concat([message('Q', 'select 1\0'), message('Q', 'select 2\0')]);
const QUESTION = message('R', '\0\0\0\x03');
const WELCOME = Buffer.concat([
  message('R', '\0\0\0\0'),
  message('S', 'a\0b\0'),
  message('K', '12345678'),
  message('Z', 'I'),
]);
const ANSWERS = Buffer.concat([message('T', ''), message('C', 'SELECT 1\0'), message('Z', 'I')]);
const REFUSAL = message('E', 'SFATAL\0C28P01\0\0');

/** Cut anywhere. */
const inPieces = (whole: Buffer): fc.Arbitrary<Buffer[]> =>
  fc.array(fc.nat({ max: whole.length }), { maxLength: 6 }).map((places) => {
    const ends = [...places, whole.length].toSorted((a, b) => a - b);
    return ends.map((end, index) => whole.subarray(ends[index - 1] ?? 0, end));
  });

/** A login that goes through the door, with all that reached either end so far. */
function enter(onFull = (): void => {}): {
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
    onNonsense: () => (refusals += 1),
  });
  return { startup, toServer: () => Buffer.concat(toServer), frames, refusals: () => refusals };
}

test('what comes behind a login waits until the server is ready, however its bytes are cut', () => {
  const untilReady = Buffer.concat([QUESTION, WELCOME]);
  fc.assert(
    fc.property(inPieces(Buffer.concat([LOGIN, QUERIES])), inPieces(untilReady.subarray(0, -1)), (said, answered) => {
      const { startup, toServer } = enter();
      for (const bytes of said) startup.fromClient(bytes);
      for (const bytes of answered) startup.fromServer(bytes);
      expect(toServer()).toEqual(LOGIN);
      startup.fromServer(untilReady.subarray(-1));
      expect(toServer()).toEqual(Buffer.concat([LOGIN, QUERIES]));
      startup.fromClient(QUERIES);
      expect(toServer()).toEqual(Buffer.concat([LOGIN, QUERIES, QUERIES]));
    }),
  );
});

test('what comes behind a login that is refused never reaches the server', () => {
  fc.assert(
    fc.property(
      inPieces(Buffer.concat([LOGIN, QUERIES])),
      inPieces(Buffer.concat([QUESTION, REFUSAL])),
      (said, answered) => {
        const { startup, toServer, frames } = enter();
        for (const bytes of said) startup.fromClient(bytes);
        for (const bytes of answered) startup.fromServer(bytes);
        expect(toServer()).toEqual(LOGIN);
        expect(frames).toEqual([QUESTION, REFUSAL]);
      },
    ),
  );
});

test('the login is one frame from its success to the end, and an answer is in a later one', () => {
  fc.assert(
    fc.property(inPieces(LOGIN), inPieces(Buffer.concat([QUESTION, WELCOME, ANSWERS])), (said, answered) => {
      const { startup, frames } = enter();
      for (const bytes of said) startup.fromClient(bytes);
      for (const bytes of answered) startup.fromServer(bytes);
      expect(frames.slice(0, 2)).toEqual([QUESTION, WELCOME]);
      expect(Buffer.concat(frames.slice(2))).toEqual(ANSWERS);
    }),
  );
});

test('who says more behind his login than is held for him is to be listened to no more', () => {
  let times = 0;
  const { startup } = enter(() => (times += 1));
  startup.fromClient(LOGIN);
  startup.fromClient(Buffer.alloc(1_048_576));
  expect(times).toBe(0);
  startup.fromClient(Buffer.alloc(1));
  expect(times).toBe(1);
});

test.each([
  ['too long', [0, 0, 0x27, 0x11, 0, 3, 0, 0]],
  ['too short', [0, 0, 0, 7, 0, 3, 0, 0]],
  ['that of a TLS handshake, begun although TLS was refused', [0, 0, 0, 8, 4, 210, 22, 47, 22, 3, 1, 2, 0, 1, 0, 1]],
])('a startup packet of a length that cannot be is no login: %s', (_, bytes) => {
  const { startup, toServer, refusals } = enter();
  startup.fromClient(Buffer.from(bytes));
  expect(refusals()).toBe(1);
  expect(toServer()).toEqual(Buffer.alloc(0));
});
