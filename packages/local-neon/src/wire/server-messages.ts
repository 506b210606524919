/**
 * Reads the messages that PostgreSQL sends after the login. A message is passed on as a range of the bytes that were
 * received, without a copy. https://www.postgresql.org/docs/current/protocol-message-formats.html
 */
import { HEADER_BYTES, lengthInHeader } from './messages.ts';

/** `bytes` from `start`, the position of the type byte, to `end`. */
export type OnMessage = (type: number, bytes: Buffer, start: number, end: number) => void;

export interface ServerMessagesOptions {
  readonly onMessage: OnMessage;
  /** Called with the full length of a message of which only a part has arrived, and which is kept. */
  readonly onPart: (type: number, length: number) => void;
}

/** Returns the function that takes the received chunks. */
export function createServerMessages({ onMessage, onPart }: ServerMessagesOptions): (chunk: Buffer) => void {
  let parts: Buffer[] = [];
  let partBytes = 0;
  /** The length of the message that `parts` begin. */
  let messageBytes = 0;

  return (chunk) => {
    let bytes = chunk;
    if (partBytes > 0) {
      parts.push(chunk);
      partBytes += chunk.length;
      // Join the chunks once per message, not once per chunk: a message may come in thousands of chunks.
      if (partBytes < messageBytes) return;
      bytes = Buffer.concat(parts);
      parts = [];
      partBytes = 0;
    }
    let start = 0;
    while (start < bytes.length) {
      const hasHeader = bytes.length - start >= HEADER_BYTES;
      const length = hasHeader ? lengthInHeader(bytes, start) : HEADER_BYTES;
      if (!hasHeader || bytes.length - start < length) {
        if (hasHeader) onPart(bytes[start]!, length);
        parts = [bytes.subarray(start)];
        partBytes = bytes.length - start;
        messageBytes = length;
        return;
      }
      onMessage(bytes[start]!, bytes, start, start + length);
      start += length;
    }
  };
}
