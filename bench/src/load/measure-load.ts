/**
 * The main loop of every load program. Each line on standard input is a `Measure` as JSON: the program keeps that number of connections
 * busy and prints the result as JSON. The program ends when its input ends.
 */
import { createInterface } from 'node:readline';

export interface Measure {
  /** The number of connections, each with one request at a time. */
  readonly concurrency: number;
  /** The minimum duration. */
  readonly ms: number;
  /** The minimum number of responses, after which the measurement may end. */
  readonly requestsMin?: number;
}

export interface Measured {
  readonly requestsPerSecond: number;
  /** All responses, including those before the measurement. */
  readonly requests: number;
}

/** One connection, one request at a time. */
export interface Connection {
  request(): Promise<unknown>;
  close(): unknown;
}

/** The time before a measurement. Its requests do not count for the throughput, because the first ones are slower. */
const OPENING_MS = 150;

/** Runs a measurement for each line on standard input. */
export async function runMeasurements(openConnection: () => Promise<Connection>): Promise<void> {
  for await (const line of createInterface(process.stdin)) {
    const { concurrency, ms, requestsMin } = JSON.parse(line) as Measure;
    const connections = await Promise.all(Array.from({ length: concurrency }, openConnection));
    const opening = await keepBusy(connections, OPENING_MS);
    const { requests, seconds } = await keepBusy(connections, ms, requestsMin);
    const measured: Measured = { requestsPerSecond: requests / seconds, requests: opening.requests + requests };
    process.stdout.write(`${JSON.stringify(measured)}\n`);
    await Promise.all(connections.map((connection) => connection.close()));
  }
}

/** Sends requests on each connection, one after the other, until both minimums are reached. */
async function keepBusy(
  connections: readonly Connection[],
  ms: number,
  requestsMin = 0,
): Promise<{ requests: number; seconds: number }> {
  const startedAt = performance.now();
  let requests = 0;
  await Promise.all(
    connections.map(async (connection) => {
      while (performance.now() - startedAt < ms || requests < requestsMin) {
        await connection.request();
        requests += 1;
      }
    }),
  );
  return { requests, seconds: (performance.now() - startedAt) / 1000 };
}
