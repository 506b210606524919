/**
 * A query over `/sql`, beside the two things that it is made of: a bare HTTP server that answers the same bytes from memory,
 * and `pg` straight to the server's socket. One after the other on one processor the two would reach 1 / (1/http + 1/pg).
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { Benchmark } from '../benchmark.ts';
import { type Program, startProgram } from '../programs.ts';
import type { Contestant } from '../rounds.ts';
import { LOCAL_NEON_CLI } from '../workspace.ts';
import type { HttpAnswer } from './bare-http.ts';
import type { HttpRequest } from './http-load.ts';
import type { Measure } from './lanes.ts';

export interface SqlBenchmarkOptions {
  readonly id: string;
  readonly title: string;
  readonly query: string;
  readonly concurrency: number;
  /** Of the throughput that the bounds allow together. */
  readonly ratioMin: number;
}

const MEASURE_MS = 700;

export function sqlBenchmark({ id, title, query, concurrency, ratioMin }: SqlBenchmarkOptions): Benchmark {
  return {
    id,
    title,
    unit: 'requests/s',
    goal: { of: 'ratio', bound: 'at least', value: ratioMin },
    rounds: 9,
    ratio: ({ ours = NaN, http = NaN, pg = NaN }) => ours * (1 / http + 1 / pg),
    async run(measure, { folder }) {
      const data = join(folder, 'data');
      await using server = startProgram(LOCAL_NEON_CLI, ['--data', data]);
      const url = new URL((await server.line()).replace('DATABASE_URL=', ''));
      const request = requestOf(url, query);
      await using bare = startProgram(file('bare-http.js'), [JSON.stringify(await answerTo(url, request))]);
      const barePort = await bare.line();

      await using ours = startProgram(file('http-load.js'), [url.port, JSON.stringify(request)]);
      await using http = startProgram(file('http-load.js'), [barePort, JSON.stringify(request)]);
      await using pg = startProgram(file('pg-load.js'), [JSON.stringify(await socketConfig(url, data)), query]);
      const load = { concurrency, ms: MEASURE_MS };
      return await measure({ ours: loadBy(ours, load), http: loadBy(http, load), pg: loadBy(pg, load) });
    },
  };
}

/** What Neon's driver sends. */
function requestOf(url: URL, query: string): HttpRequest {
  return {
    headers: { 'neon-connection-string': url.href, 'neon-raw-text-output': 'true', 'neon-array-mode': 'true' },
    body: JSON.stringify({ query, params: [] }),
  };
}

async function answerTo(url: URL, { headers, body }: HttpRequest): Promise<HttpAnswer> {
  const response = await fetch(`http://localhost:${url.port}/sql`, { method: 'POST', headers, body });
  const text = await response.text();
  if (!response.ok) throw new Error(`${body} was refused: ${text}`);
  const sent = [...response.headers].filter(([name]) => !['connection', 'date', 'keep-alive'].includes(name));
  return { headers: Object.fromEntries(sent), body: text };
}

/** Line 5 of `postmaster.pid`: https://www.postgresql.org/docs/current/storage-file-layout.html */
async function socketConfig(url: URL, data: string): Promise<Record<string, string>> {
  const pidFile = await readFile(join(data, 'postgres', 'postmaster.pid'), 'utf8');
  return {
    host: pidFile.split('\n')[4] ?? '',
    user: url.username,
    password: url.password,
    database: url.pathname.slice(1),
  };
}

function loadBy(program: Program, measure: Measure): Contestant {
  return async () => {
    program.tell(JSON.stringify(measure));
    return Number(await program.line());
  };
}

function file(name: string): URL {
  return new URL(name, import.meta.url);
}
