import { assert, constantFrom, property, string, uint8Array, array, nat } from 'fast-check';
import { describe, expect, test } from 'vitest';

import { createJsonBytes } from '../src/sql/json-bytes.ts';
import { createServerMessages } from '../src/wire/server-messages.ts';

describe('JSON written as bytes', () => {
  const anyText = string({
    unit: constantFrom(...Array.from('\0\b\t\n\u000b\f\r\u001f\u007f "\\/aé€😀')),
    maxLength: 200,
  });

  test('equals JSON.stringify for a string', () => {
    assert(
      property(anyText, string({ unit: 'grapheme' }), (...texts) => {
        for (const text of texts) {
          // The buffer is too small for most texts, so it must grow. The text is a part of other bytes.
          const json = createJsonBytes(1);
          const bytes = Buffer.from(`"${text}"`);
          json.writeString(bytes, 1, bytes.length - 1);
          expect(json.take().toString()).toBe(JSON.stringify(text));
        }
      }),
    );
  });

  test('is copied verbatim, short or long', () => {
    assert(
      property(uint8Array({ maxLength: 200 }), string(), (bytes, text) => {
        const json = createJsonBytes(1);
        json.writeCharacter(0x5b);
        json.copy(Buffer.from([1, ...bytes, 2]), 1, bytes.length + 1);
        json.write(text);
        expect(json.take()).toEqual(Buffer.concat([Buffer.from('['), bytes, Buffer.from(text)]));
      }),
    );
  });
});

test('messages are read completely, however their bytes are cut', () => {
  assert(
    property(array(uint8Array({ maxLength: 40 })), array(nat(400)), (bodies, cuts) => {
      const messages = bodies.map(toMessage);
      const sent = Buffer.concat(messages);
      const received: Buffer[] = [];
      const parts: number[] = [];
      const read = createServerMessages({
        onMessage: (type, bytes, start, end) => {
          expect(type).toBe(bytes[start]);
          received.push(Buffer.from(bytes.subarray(start, end)));
        },
        onPart: (type, length) => parts.push(type, length),
      });
      const places = [0, ...cuts.map((cut) => Math.min(cut, sent.length)).toSorted((a, b) => a - b), sent.length];
      places.forEach((place, index) => read(sent.subarray(place, places[index + 1])));
      expect(received).toEqual(messages);
      for (let index = 0; index < parts.length; index += 2) {
        expect(messages[parts[index]!]?.length).toBe(parts[index + 1]);
      }
    }),
  );
});

/** The index is the type of the message. */
function toMessage({ length }: Uint8Array, index: number): Buffer {
  const bytes = Buffer.alloc(5 + length, index);
  bytes.writeUInt32BE(4 + length, 1);
  return bytes;
}
