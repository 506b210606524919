/** Reads the messages of one direction of a connection, and keeps only the beginning of each. */

export interface MessageReaderOptions {
  /** How many bytes of a message body are kept, by message type. Types that are not listed keep none. */
  readonly keep: Readonly<Record<string, number>>;
  /** Whether the first message is a startup packet. A startup packet has no type byte; its type is reported as "". */
  readonly hasStartup: boolean;
  readonly onMessage: (type: string, beginning: Buffer) => void;
}

const EMPTY = Buffer.alloc(0);
const LENGTH_BYTES = 4;

/** Returns the function that takes the received chunks. */
export function createMessageReader({ keep, hasStartup, onMessage }: MessageReaderOptions): (chunk: Buffer) => void {
  let typeBytes = hasStartup ? 0 : 1;
  let header: Buffer = EMPTY;
  let type = '';
  let kept: Buffer = EMPTY;
  let keptMax = 0;
  let bytesLeft = 0;

  const readHeader = (chunk: Buffer, offset: number): number => {
    const missingBytes = typeBytes + LENGTH_BYTES - header.length;
    header = Buffer.concat([header, chunk.subarray(offset, offset + missingBytes)]);
    if (header.length === typeBytes + LENGTH_BYTES) {
      type = header.toString('latin1', 0, typeBytes);
      // The server refuses an impossible length.
      bytesLeft = Math.max(0, header.readUInt32BE(typeBytes) - LENGTH_BYTES);
      keptMax = Math.min(bytesLeft, keep[type] ?? 0);
    }
    return offset + missingBytes;
  };

  return (chunk) => {
    for (let offset = 0; offset < chunk.length;) {
      if (header.length < typeBytes + LENGTH_BYTES) {
        offset = readHeader(chunk, offset);
        if (header.length < typeBytes + LENGTH_BYTES) return;
      }
      const part = chunk.subarray(offset, offset + bytesLeft);
      if (kept.length < keptMax) kept = Buffer.concat([kept, part.subarray(0, keptMax - kept.length)]);
      offset += part.length;
      bytesLeft -= part.length;
      if (bytesLeft > 0) return;
      onMessage(type, kept);
      header = EMPTY;
      kept = EMPTY;
      typeBytes = 1;
    }
  };
}
