/** Questions and answers over a connection to PostgreSQL, behind its login: what is asked in order is answered in order. */
import type { Socket } from 'node:net';

import { REFUSE_COPY } from '../wire/client-messages.ts';
import { type Field, parseTag, type RawResult, type RowPage } from './raw-result.ts';
import { createServerMessages, readError, readFields, readTag } from '../wire/server-messages.ts';

export interface Pipeline {
  /** Writes messages in one piece: waking PostgreSQL costs more than most statements do. */
  readonly send: (messages: Buffer) => void;
  /**
   * The answer to what was sent and ends in ReadyForQuery; whoever sends two such things at once takes two answers.
   *
   * Throws the server's `DatabaseError` whole, when it is ready for the next question. Closes the connection and throws
   * `ResultTooLargeError` as soon as the rows together hold more than `bytesMax`.
   */
  readonly answer: (bytesMax: number) => Promise<RawResult>;
  /** Whether a transaction is open, as the last answer told. */
  readonly isInTransaction: () => boolean;
  readonly isWaiting: () => boolean;
  /** The connection is closed, and nobody waits for an answer any more. */
  readonly ended: Promise<void>;
}

/** The rows are larger than the caller takes. The statement may still be running: cancel it. */
export class ResultTooLargeError extends Error {
  override readonly name = 'ResultTooLargeError';
}

interface Question {
  readonly bytesMax: number;
  readonly resolve: (result: RawResult) => void;
  readonly reject: (error: Error) => void;
  fields: readonly Field[];
  readonly rows: RowPage[];
  rowBytes: number;
  tag: string;
  failure: Error | undefined;
}

const ROW_DESCRIPTION = 'T'.charCodeAt(0);
const DATA_ROW = 'D'.charCodeAt(0);
const COMMAND_COMPLETE = 'C'.charCodeAt(0);
const ERROR_RESPONSE = 'E'.charCodeAt(0);
const READY_FOR_QUERY = 'Z'.charCodeAt(0);
const COPY_IN_RESPONSE = 'G'.charCodeAt(0);
const COPY_OUT_RESPONSE = 'H'.charCodeAt(0);

const IDLE = 'I'.charCodeAt(0);

/** Takes over a socket that nobody else reads. */
export function createPipeline(socket: Socket): Pipeline {
  const questions: Question[] = [];
  let transactionStatus = IDLE;

  const giveUp = (question: Question, error: Error): void => {
    question.reject(error);
    // What is still on its way would have to be read to its end.
    socket.destroy();
  };
  const addRow = (question: Question, bytes: Buffer, start: number, end: number): void => {
    question.rowBytes += end - start;
    if (question.rowBytes > question.bytesMax) return giveUp(question, new ResultTooLargeError());
    const page = question.rows.at(-1);
    if (page?.bytes === bytes && page.end === start) page.end = end;
    else question.rows.push({ bytes, start, end });
  };
  const settle = (bytes: Buffer, end: number): void => {
    transactionStatus = bytes[end - 1]!;
    const { fields, rows, tag, failure, resolve, reject } = questions.shift()!;
    if (failure) reject(failure);
    else resolve({ fields, rows, ...parseTag(tag) });
  };
  const onMessage = (type: number, bytes: Buffer, start: number, end: number): void => {
    const [question] = questions;
    // What is said unasked, such as that PostgreSQL shuts down.
    if (!question) return;
    switch (type) {
      case DATA_ROW:
        return addRow(question, bytes, start, end);
      case ROW_DESCRIPTION:
        question.fields = readFields(bytes, start, end);
        return;
      case COMMAND_COMPLETE:
        question.tag = readTag(bytes, start, end);
        return;
      case ERROR_RESPONSE:
        question.failure = readError(bytes, start, end);
        return;
      case READY_FOR_QUERY:
        return settle(bytes, end);
      case COPY_IN_RESPONSE:
        return void socket.write(REFUSE_COPY);
      case COPY_OUT_RESPONSE:
        return giveUp(question, new Error('COPY TO STDOUT is not possible over HTTP'));
      default:
    }
  };
  const onPart = (type: number, length: number): void => {
    const [question] = questions;
    if (question && type === DATA_ROW && question.rowBytes + length > question.bytesMax) {
      giveUp(question, new ResultTooLargeError());
    }
  };

  socket.on('data', createServerMessages({ onMessage, onPart }));
  const ended = new Promise<void>((resolve) => socket.once('close', () => resolve())).then(() => {
    // What PostgreSQL says last, it says as an error.
    for (const { failure, reject } of questions) reject(failure ?? new Error('PostgreSQL closed the connection'));
  });
  return {
    send: (messages) => void socket.write(messages),
    answer: (bytesMax) =>
      new Promise((resolve, reject) => {
        if (socket.destroyed) reject(new Error('The connection to PostgreSQL is closed'));
        questions.push({ bytesMax, resolve, reject, fields: [], rows: [], rowBytes: 0, tag: '', failure: undefined });
      }),
    isInTransaction: () => transactionStatus !== IDLE,
    isWaiting: () => questions.length > 0,
    ended,
  };
}
