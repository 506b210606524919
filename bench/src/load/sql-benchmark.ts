/**
 * Measures a query over `/sql`, beside its two parts: an HTTP server that sends the same bytes from memory (`http`), and `pg` on the
 * socket of the server. If one processor ran both parts in sequence, their throughput would be 1 / (1/http + 1/pg).
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { Benchmark, Context } from '../benchmark.ts';
import { type Program, startProgram } from '../programs.ts';
import type { Contestant } from '../rounds.ts';
import { LOCAL_NEON_CLI } from '../workspace.ts';
import type { HttpResponse } from './bare-http.ts';
import { readCpuTime } from './cpu-time.ts';
import type { HttpRequest } from './http-load.ts';
import type { Measure, Measured } from './measure-load.ts';

export interface SqlBenchmarkOptions {
  readonly id: string;
  readonly title: string;
  readonly query: string;
  readonly concurrency: number;
  /** The minimum share of the throughput that both parts would reach in sequence. */
  readonly ratioMin: number;
}

const MEASURE_MS = 700;
/** The load before the first round. Afterwards the code is compiled, as in a server that has run for some time. */
const WARM_UP: Measure = { concurrency: 16, ms: 2000, requestsMin: 10_000 };

export function sqlBenchmark({ id, title, query, concurrency, ratioMin }: SqlBenchmarkOptions): Benchmark {
  return {
    id,
    title,
    unit: 'requests/s',
    goal: { of: 'ratio', bound: 'at least', value: ratioMin },
    rounds: 9,
    ratio: ({ ours = NaN, http = NaN, pg = NaN }) => ours * (1 / http + 1 / pg),
    run: (measure, context) =>
      withContestants(query, context, ({ ours, relay, http, pg }) =>
        measure({
          ours: measureThroughput(ours.load, concurrency),
          relay: measureThroughput(relay.load, concurrency),
          http: measureThroughput(http.load, concurrency),
          pg: measureThroughput(pg.load, concurrency),
        }),
      ),
  };
}

/**
 * The processor time per request of the measured program: the gateway, the bare server, or the process of `pg`.
 * PostgreSQL's time is not included. Processor time depends less than throughput on the load of the machine.
 */
export function sqlCpuBenchmark({ id, title, query }: Pick<SqlBenchmarkOptions, 'id' | 'title' | 'query'>): Benchmark {
  return {
    id,
    title,
    unit: 'µs',
    rounds: 9,
    ratio: ({ ours = NaN, http = NaN, pg = NaN }) => ours / (http + pg),
    run: (measure, context) =>
      withContestants(query, context, ({ ours, relay, http, pg }) =>
        measure({
          ours: measureCpuTime(ours.load, ours.server),
          relay: measureCpuTime(relay.load, relay.server),
          http: measureCpuTime(http.load, http.server),
          pg: measureCpuTime(pg.load, pg.load),
        }),
      ),
  };
}

function measureThroughput(load: Program, concurrency: number): Contestant {
  return async () => (await runMeasure(load, { concurrency, ms: MEASURE_MS })).requestsPerSecond;
}

function measureCpuTime(load: Program, measured: Program): Contestant {
  return async () => {
    const before = await readCpuTime(measured.pid);
    const { requests } = await runMeasure(load, { concurrency: 16, ms: MEASURE_MS });
    return ((await readCpuTime(measured.pid)) - before) / requests;
  };
}

interface Contestants {
  readonly ours: { readonly load: Program; readonly server: Program };
  readonly relay: { readonly load: Program; readonly server: Program };
  readonly http: { readonly load: Program; readonly server: Program };
  readonly pg: { readonly load: Program };
}

/** Starts the servers and a load program for each, and calls `work` with them. */
async function withContestants<T>(
  query: string,
  { folder }: Context,
  work: (contestants: Contestants) => Promise<T>,
): Promise<T> {
  const data = join(folder, 'data');
  await using server = startProgram(LOCAL_NEON_CLI, ['--data', data]);
  const url = new URL((await server.readLine()).replace('DATABASE_URL=', ''));
  const sqlRequest = toSqlRequest(url, query);
  const response = JSON.stringify(await fetchResponse(url, sqlRequest));
  await using httpServer = startProgram(programUrl('bare-http.js'), [response]);
  const httpPort = await httpServer.readLine();

  const config = JSON.stringify(await socketConfig(url, data));
  await using relayServer = startProgram(programUrl('relay.js'), [config, query, response]);
  const relayPort = await relayServer.readLine();

  const request = JSON.stringify(sqlRequest);
  await using ours = startProgram(programUrl('http-load.js'), [url.port, request]);
  await using relay = startProgram(programUrl('http-load.js'), [relayPort, request]);
  await using http = startProgram(programUrl('http-load.js'), [httpPort, request]);
  await using pg = startProgram(programUrl('pg-load.js'), [config, query]);
  for (const load of [ours, relay, http, pg]) await runMeasure(load, WARM_UP);
  return await work({
    ours: { load: ours, server },
    relay: { load: relay, server: relayServer },
    http: { load: http, server: httpServer },
    pg: { load: pg },
  });
}

async function runMeasure(load: Program, measure: Measure): Promise<Measured> {
  load.writeLine(JSON.stringify(measure));
  return JSON.parse(await load.readLine()) as Measured;
}

/** The request as Neon's driver sends it. */
function toSqlRequest(url: URL, query: string): HttpRequest {
  return {
    headers: { 'neon-connection-string': url.href, 'neon-raw-text-output': 'true', 'neon-array-mode': 'true' },
    body: JSON.stringify({ query, params: [] }),
  };
}

async function fetchResponse(url: URL, { headers, body }: HttpRequest): Promise<HttpResponse> {
  const response = await fetch(`http://localhost:${url.port}/sql`, { method: 'POST', headers, body });
  const text = await response.text();
  if (!response.ok) throw new Error(`The server refused ${body}: ${text}`);
  // Node's HTTP server adds the three headers that are left out.
  const headersToSend = [...response.headers].filter(([name]) => !['connection', 'date', 'keep-alive'].includes(name));
  return { headers: Object.fromEntries(headersToSend), body: text };
}

/** How to connect to PostgreSQL's Unix socket. Its folder is line 5 of `postmaster.pid`: https://www.postgresql.org/docs/current/storage-file-layout.html */
async function socketConfig(url: URL, data: string): Promise<Record<string, string>> {
  const pidFile = await readFile(join(data, 'postgres', 'postmaster.pid'), 'utf8');
  return {
    host: pidFile.split('\n')[4] ?? '',
    user: url.username,
    password: url.password,
    database: url.pathname.slice(1),
  };
}

function programUrl(name: string): URL {
  return new URL(name, import.meta.url);
}
