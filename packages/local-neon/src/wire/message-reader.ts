/** Reads the messages of one direction of a PostgreSQL connection as its bytes pass, keeping the beginnings that matter. */

export interface MessageReaderOptions {
  /** By type: how many bytes of such a message are kept. Of other types, none. */
  readonly keep: Readonly<Record<string, number>>;
  /** Whether the first message is a startup packet, which has no type; it is told as type "". */
  readonly hasStartup: boolean;
  readonly onMessage: (type: string, beginning: Buffer) => void;
}

const EMPTY = Buffer.alloc(0);

/** One type byte, then the length of the rest, itself included. */
export function createMessageReader({ keep, hasStartup, onMessage }: MessageReaderOptions): (chunk: Buffer) => void {
  let typeBytes = hasStartup ? 0 : 1;
  let header: Buffer = EMPTY;
  let type = '';
  let kept: Buffer = EMPTY;
  let keptMax = 0;
  let left = 0;

  const readHeader = (chunk: Buffer, offset: number): number => {
    const missing = typeBytes + 4 - header.length;
    header = Buffer.concat([header, chunk.subarray(offset, offset + missing)]);
    if (header.length === typeBytes + 4) {
      type = header.toString('latin1', 0, typeBytes);
      // A length that cannot be is the server's to refuse.
      left = Math.max(0, header.readUInt32BE(typeBytes) - 4);
      keptMax = Math.min(left, keep[type] ?? 0);
    }
    return offset + missing;
  };

  return (chunk) => {
    for (let offset = 0; offset < chunk.length;) {
      if (header.length < typeBytes + 4) {
        offset = readHeader(chunk, offset);
        if (header.length < typeBytes + 4) return;
      }
      const part = chunk.subarray(offset, offset + left);
      if (kept.length < keptMax) kept = Buffer.concat([kept, part.subarray(0, keptMax - kept.length)]);
      offset += part.length;
      left -= part.length;
      if (left > 0) return;
      onMessage(type, kept);
      header = EMPTY;
      kept = EMPTY;
      typeBytes = 1;
    }
  };
}
