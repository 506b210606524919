/** JSON as bytes, written from bytes: a value goes from PostgreSQL's message to the answer without ever being a string. */
export interface JsonBytes {
  /** An ASCII character. */
  character(code: number): void;
  /** Verbatim, UTF-8. */
  copy(from: Buffer, start: number, end: number): void;
  /** Verbatim. */
  write(json: string): void;
  /** UTF-8 as a JSON string, escaped as `JSON.stringify` would. */
  string(from: Buffer, start: number, end: number): void;
  /** What was written. Nothing can be added then. */
  take(): Buffer;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
/** What needs no escape from here on, but for the two above. */
const SPACE = 0x20;

const ESCAPES = new Map(
  [...Array(SPACE).keys(), QUOTE, BACKSLASH].map((byte) => [
    byte,
    Buffer.from(JSON.stringify(String.fromCharCode(byte)).slice(1, -1)),
  ]),
);

/** From here on the native copy is quicker than a loop. */
const LONG = 64;

/** `bytesExpected` is a first guess. */
export function createJsonBytes(bytesExpected: number): JsonBytes {
  let bytes = Buffer.allocUnsafe(bytesExpected);
  let at = 0;

  const reserve = (length: number): void => {
    if (at + length <= bytes.length) return;
    const larger = Buffer.allocUnsafe((at + length) * 2);
    bytes.copy(larger, 0, 0, at);
    bytes = larger;
  };
  const character = (code: number): void => {
    reserve(1);
    bytes[at] = code;
    at += 1;
  };
  const copy = (from: Buffer, start: number, end: number): void => {
    reserve(end - start);
    if (end - start >= LONG) from.copy(bytes, at, start, end);
    else for (let index = start; index < end; index += 1) bytes[at + index - start] = from[index]!;
    at += end - start;
  };
  /** Copies until something must be escaped, and tells where that is. */
  const copyPlain = (from: Buffer, start: number, end: number): number => {
    reserve(end - start);
    // Not the variables that others see: this loop is where the time goes.
    const to = bytes;
    const offset = at - start;
    let index = start;
    for (; index < end; index += 1) {
      const byte = from[index]!;
      if (byte < SPACE || byte === QUOTE || byte === BACKSLASH) break;
      to[offset + index] = byte;
    }
    at = offset + index;
    return index;
  };

  return {
    character,
    copy,
    write: (json) => {
      // A UTF-16 unit becomes three bytes at most.
      reserve(json.length * 3);
      at += bytes.write(json, at);
    },
    string: (from, start, end) => {
      character(QUOTE);
      for (let index = copyPlain(from, start, end); index < end; index = copyPlain(from, index + 1, end)) {
        const escape = ESCAPES.get(from[index]!)!;
        copy(escape, 0, escape.length);
      }
      character(QUOTE);
    },
    take: () => bytes.subarray(0, at),
  };
}
