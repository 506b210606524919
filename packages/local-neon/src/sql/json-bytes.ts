/** Writes JSON as bytes: a value is copied from PostgreSQL's message to the response and never becomes a string. */
export interface JsonBytes {
  /** Writes an ASCII character. */
  writeCharacter(code: number): void;
  /** Copies UTF-8 verbatim. */
  copy(from: Buffer, start: number, end: number): void;
  /** Writes a text verbatim. */
  write(json: string): void;
  /** Writes UTF-8 as a JSON string, with the escapes of `JSON.stringify`. */
  writeString(from: Buffer, start: number, end: number): void;
  /** Returns the bytes. Nothing may be written after that. */
  take(): Buffer;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
/** Characters from here on need no escape, except the two above. */
const SPACE = 0x20;

const ESCAPES = new Map(
  [...Array(SPACE).keys(), QUOTE, BACKSLASH].map((byte) => [
    byte,
    Buffer.from(JSON.stringify(String.fromCharCode(byte)).slice(1, -1)),
  ]),
);

/** From this length on, `Buffer.copy` is faster than a loop. */
const NATIVE_COPY_BYTES_MIN = 64;

/** A UTF-16 unit is at most three bytes of UTF-8. */
export const UTF8_BYTES_MAX = 3;

/** Creates a writer. `bytesExpected` is the size of its first buffer, which grows as needed. */
export function createJsonBytes(bytesExpected: number): JsonBytes {
  let bytes = Buffer.allocUnsafe(bytesExpected);
  let position = 0;

  const reserve = (length: number): void => {
    if (position + length <= bytes.length) return;
    const larger = Buffer.allocUnsafe((position + length) * 2);
    bytes.copy(larger, 0, 0, position);
    bytes = larger;
  };
  const writeCharacter = (code: number): void => {
    reserve(1);
    bytes[position] = code;
    position += 1;
  };
  const copy = (from: Buffer, start: number, end: number): void => {
    reserve(end - start);
    if (end - start >= NATIVE_COPY_BYTES_MIN) from.copy(bytes, position, start, end);
    else for (let index = start; index < end; index += 1) bytes[position + index - start] = from[index]!;
    position += end - start;
  };
  /** Copies the text up to the first character that must be escaped, and returns its index. */
  const copyPlain = (from: Buffer, start: number, end: number): number => {
    reserve(end - start);
    // Local variables instead of the shared ones: this loop takes most of the time.
    const to = bytes;
    const offset = position - start;
    let index = start;
    for (; index < end; index += 1) {
      const byte = from[index]!;
      if (byte < SPACE || byte === QUOTE || byte === BACKSLASH) break;
      to[offset + index] = byte;
    }
    position = offset + index;
    return index;
  };

  return {
    writeCharacter,
    copy,
    write: (json) => {
      reserve(json.length * UTF8_BYTES_MAX);
      position += bytes.write(json, position);
    },
    writeString: (from, start, end) => {
      writeCharacter(QUOTE);
      for (let index = copyPlain(from, start, end); index < end; index = copyPlain(from, index + 1, end)) {
        const escape = ESCAPES.get(from[index]!)!;
        copy(escape, 0, escape.length);
      }
      writeCharacter(QUOTE);
    },
    take: () => bytes.subarray(0, position),
  };
}
