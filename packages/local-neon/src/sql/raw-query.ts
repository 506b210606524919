/**
 * One statement through the extended protocol, with every value left as PostgreSQL's text: what both of Neon's result modes
 * are made from. `pg` would parse the values, and sends a statement without parameters through the simple protocol.
 */
import type { EventEmitter } from 'node:events';

import type { Client, Submittable } from 'pg';

import { expectWash, WASH } from './wash.ts';

export interface RawResult {
  readonly fields: Field[];
  readonly rows: (string | null)[][];
  /** First word of the command tag; "" for an empty statement. */
  readonly command: string;
  /** The count in the command tag; null where it has none. */
  readonly rowCount: number | null;
}

/** A column, under the names of Neon's answer. */
export interface Field {
  readonly name: string;
  readonly dataTypeID: number;
  readonly tableID: number;
  readonly columnID: number;
  readonly dataTypeSize: number;
  readonly dataTypeModifier: number;
  readonly format: 'text';
}

export interface RawQueryOptions {
  /** Rows that together hold more bytes than this end the query with a `ResultTooLargeError`. */
  readonly bytesMax: number;
  /** Nothing follows on this client: the session is washed behind the statement. */
  readonly isLast: boolean;
}

/** The rows are larger than the caller takes. The statement may still be running: cancel it. */
export class ResultTooLargeError extends Error {
  override readonly name = 'ResultTooLargeError';
}

/**
 * Runs a statement on an idle client.
 *
 * Settles when the server is ready for the next query, so that the client's transaction status is true by then. Throws the
 * server's `DatabaseError` whole, or `ResultTooLargeError` at once.
 */
export async function rawQuery(
  client: Client,
  text: string,
  values: readonly (string | null)[],
  options: RawQueryOptions,
): Promise<RawResult> {
  const fields: Field[] = [];
  const rows: (string | null)[][] = [];
  let tag = '';
  let bytes = 0;
  // A COPY takes what follows it for its data.
  const isWashed = options.isLast && !/copy/i.test(text);

  return new Promise((resolve, reject) => {
    let failure: Error | undefined;
    // What PostgreSQL says last, it says as an error.
    const ended = (): void => reject(failure ?? new Error('PostgreSQL closed the connection'));
    client.once('end', ended);
    const settle = (run: () => void): void => {
      client.off('end', ended);
      run();
    };
    client.query({
      submit(connection: Connection) {
        connection.stream.cork();
        connection.parse({ text, name: '', types: [] });
        connection.bind({ values, valueMapper: (value: string | null) => value });
        connection.describe({ type: 'P', name: '' });
        connection.execute({ portal: '', rows: 0 });
        connection.sync();
        if (isWashed) connection.query(WASH);
        connection.stream.uncork();
        return null;
      },
      handleRowDescription(message: { fields: FieldDescription[] }) {
        fields.push(...message.fields.map(toField));
      },
      handleDataRow(message: { fields: (string | null)[]; length: number }) {
        bytes += message.length;
        if (bytes > options.bytesMax) settle(() => reject(new ResultTooLargeError(`over ${options.bytesMax} bytes`)));
        else rows.push(message.fields);
      },
      handleCommandComplete(message: { text: string }) {
        tag = message.text;
      },
      handleEmptyQuery() {},
      handlePortalSuspended() {},
      handleCopyData() {
        settle(() => reject(new Error('COPY TO STDOUT is not possible over HTTP')));
      },
      handleCopyInResponse(connection: Connection) {
        connection.sendCopyFail('COPY FROM STDIN is not possible over HTTP');
        // The Sync that was sent with the statement was read as part of the copy.
        connection.sync();
      },
      handleError(error: Error, connection: Connection) {
        failure = error;
        connection.once('readyForQuery', () => settle(() => reject(error)));
        if (!connection.stream.writable) settle(() => reject(error));
      },
      handleReadyForQuery() {
        settle(() => resolve({ fields, rows, ...parseTag(tag) }));
      },
    } as unknown as Submittable);
    if (isWashed) expectWash(client);
  });
}

/** What `pg` gives a `Submittable`; its types know only the name. */
interface Connection extends EventEmitter {
  readonly stream: { cork(): void; uncork(): void; readonly writable: boolean };
  parse(query: { text: string; name: string; types: number[] }): void;
  bind(config: { values: readonly (string | null)[]; valueMapper: (value: string | null) => string | null }): void;
  describe(target: { type: 'P' | 'S'; name: string }): void;
  execute(config: { portal: string; rows: number }): void;
  sync(): void;
  query(text: string): void;
  sendCopyFail(message: string): void;
}

type FieldDescription = Omit<Field, 'format'>;

function toField(field: FieldDescription): Field {
  const { name, dataTypeID, tableID, columnID, dataTypeSize, dataTypeModifier } = field;
  return { name, dataTypeID, tableID, columnID, dataTypeSize, dataTypeModifier, format: 'text' };
}

/** `INSERT 0 5`, `SELECT 5`, `CREATE TABLE`: https://www.postgresql.org/docs/current/protocol-message-formats.html */
function parseTag(tag: string): Pick<RawResult, 'command' | 'rowCount'> {
  const words = tag.split(' ');
  const count = words.at(-1) ?? '';
  return { command: words[0] ?? '', rowCount: /^\d+$/.test(count) ? Number(count) : null };
}
