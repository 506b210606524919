/** Sends messages to PostgreSQL after the login and matches its responses to them, which arrive in the same order. */
import type { Socket } from 'node:net';

import { REFUSE_COPY } from '../wire/client-messages.ts';
import { parseTag } from '../wire/command-tag.ts';
import { readError } from '../wire/error-response.ts';
import {
  COMMAND_COMPLETE,
  COPY_IN_RESPONSE,
  COPY_OUT_RESPONSE,
  DATA_ROW,
  ERROR_RESPONSE,
  HEADER_BYTES,
  READY_FOR_QUERY,
  ROW_DESCRIPTION,
} from '../wire/messages.ts';
import { type Field, readFields } from '../wire/row-description.ts';
import { createServerMessages } from '../wire/server-messages.ts';
import type { RawResult, RowPage } from './raw-result.ts';

export interface Pipeline {
  /** Writes messages in one piece: each write wakes PostgreSQL, and waking it costs more than most statements do. */
  readonly send: (messages: Buffer) => void;
  /**
   * Reads the result of messages that were sent; their last response is ReadyForQuery. Call it once for each group of messages.
   *
   * Throws the server's `DatabaseError` once the server is ready for the next query. Closes the connection and throws
   * `ResultTooLargeError` as soon as the rows together hold more than `bytesMax`.
   */
  readonly readResult: (bytesMax: number) => Promise<RawResult>;
  /** Whether a transaction was open at the last ReadyForQuery. */
  readonly isInTransaction: () => boolean;
  /** Whether a result has not arrived yet. */
  readonly isWaiting: () => boolean;
  /** Resolves when the connection is closed and every pending result was rejected. */
  readonly ended: Promise<void>;
}

/** The rows hold more bytes than the caller takes. The statement may still be running: cancel it. */
export class ResultTooLargeError extends Error {
  override readonly name = 'ResultTooLargeError';
}

interface PipelineState {
  readonly socket: Socket;
  /** In the order of the responses. */
  readonly pending: PendingResult[];
  /** As ReadyForQuery reports it. */
  transactionStatus: number;
}

interface PendingResult {
  readonly bytesMax: number;
  readonly resolve: (result: RawResult) => void;
  readonly reject: (error: Error) => void;
  fields: readonly Field[];
  readonly rows: RowPage[];
  rowBytes: number;
  tag: string;
  failure: Error | undefined;
}

const IDLE = 'I'.charCodeAt(0);

/** Creates the pipeline of a socket that has no other reader. */
export function createPipeline(socket: Socket): Pipeline {
  const state: PipelineState = { socket, pending: [], transactionStatus: IDLE };
  socket.on(
    'data',
    createServerMessages({
      onMessage: (type, bytes, start, end) => onMessage(state, type, bytes, start, end),
      onPart: (type, length) => onPart(state, type, length),
    }),
  );
  const ended = new Promise<void>((resolve) => socket.once('close', () => resolve())).then(() => rejectAll(state));
  return {
    send: (messages) => void socket.write(messages),
    readResult: (bytesMax) =>
      new Promise((resolve, reject) => {
        if (socket.destroyed) reject(new Error('The connection to PostgreSQL is closed'));
        const rows: RowPage[] = [];
        state.pending.push({ bytesMax, resolve, reject, fields: [], rows, rowBytes: 0, tag: '', failure: undefined });
      }),
    isInTransaction: () => state.transactionStatus !== IDLE,
    isWaiting: () => state.pending.length > 0,
    ended,
  };
}

function onMessage(state: PipelineState, type: number, bytes: Buffer, start: number, end: number): void {
  const [pending] = state.pending;
  // PostgreSQL also sends messages without a request, such as the notice of its shutdown.
  if (!pending) return;
  switch (type) {
    case DATA_ROW:
      return addRow(state, pending, bytes, start, end);
    case ROW_DESCRIPTION:
      pending.fields = readFields(bytes, start, end);
      return;
    case COMMAND_COMPLETE:
      pending.tag = bytes.toString('latin1', start + HEADER_BYTES, end - 1);
      return;
    case ERROR_RESPONSE:
      pending.failure = readError(bytes, start, end);
      return;
    case READY_FOR_QUERY:
      return settleResult(state, bytes, end);
    case COPY_IN_RESPONSE:
      return void state.socket.write(REFUSE_COPY);
    case COPY_OUT_RESPONSE:
      return closeWithError(state, pending, new Error('COPY TO STDOUT is not possible over HTTP'));
    default:
  }
}

/** Refuses a large row before all of it has arrived. */
function onPart(state: PipelineState, type: number, length: number): void {
  const [pending] = state.pending;
  if (pending && type === DATA_ROW && pending.rowBytes + length > pending.bytesMax) {
    closeWithError(state, pending, new ResultTooLargeError());
  }
}

/** Adds a row to the result. Consecutive rows in the same buffer become one page. */
function addRow(state: PipelineState, pending: PendingResult, bytes: Buffer, start: number, end: number): void {
  pending.rowBytes += end - start;
  if (pending.rowBytes > pending.bytesMax) return closeWithError(state, pending, new ResultTooLargeError());
  const page = pending.rows.at(-1);
  if (page?.bytes === bytes && page.end === start) page.end = end;
  else pending.rows.push({ bytes, start, end });
}

/** Settles the oldest result at ReadyForQuery, whose last byte is the status of the transaction. */
function settleResult(state: PipelineState, bytes: Buffer, end: number): void {
  state.transactionStatus = bytes[end - 1]!;
  const { fields, rows, tag, failure, resolve, reject } = state.pending.shift()!;
  if (failure) reject(failure);
  else resolve({ fields, rows, ...parseTag(tag) });
}

/** Closes the connection, because the rest of the result would have to be read to its end. */
function closeWithError({ socket }: PipelineState, pending: PendingResult, error: Error): void {
  pending.reject(error);
  socket.destroy();
}

/** Rejects all results of a closed connection. Before PostgreSQL closes it, it sends the reason in an ErrorResponse. */
function rejectAll({ pending }: PipelineState): void {
  for (const { failure, reject } of pending) reject(failure ?? new Error('PostgreSQL closed the connection'));
}
