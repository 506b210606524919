/** The cost of a query over WebSocket, for several ways to write its five messages. `@todo/db` chose its way by this benchmark. */
import { Client } from '@neondatabase/serverless';

import type { Benchmark } from '../benchmark.ts';
import { readCpuTime } from '../load/cpu-time.ts';
import { type MigratedDatabase, startMigrated } from '../migrated-database.ts';
import { configureNeon } from '../queries/neon-driver.ts';
import { connectSession } from '../workspace.ts';

const WARM_UP_COUNT = 1000;
const COUNT = 500;

type Ask = () => Promise<unknown>;

export const dbFrames: readonly Benchmark[] = [
  {
    id: 'db-frames',
    title: '`select $1::int` over WebSocket, from the question to the answer',
    unit: 'µs',
    rounds: 15,
    ratio: ratioToBetter,
    run: (measure, context) => withClients(context, (ways) => measure(mapValues(ways, (ask) => () => latencyUs(ask)))),
  },
  {
    id: 'db-frames-cpu',
    title: 'The same, processor time of who asks and of the gateway together',
    unit: 'µs',
    goal: { of: 'ratio', bound: 'at most', value: 0.9 },
    rounds: 15,
    ratio: ratioToBetter,
    run: (measure, context) =>
      withClients(context, (ways, { pid }) => measure(mapValues(ways, (ask) => () => cpuTimeUs(ask, pid)))),
  },
];

function ratioToBetter({ ours = NaN, coalesced = NaN, separate = NaN }): number {
  return ours / Math.min(coalesced, separate);
}

/** One connection per way: the driver's `coalesceWrites` on, off, and the way of `@todo/db`. */
async function withClients<T>(
  context: Parameters<Benchmark['run']>[1],
  use: (ways: Record<string, Ask>, neon: MigratedDatabase) => Promise<T>,
): Promise<T> {
  await using neon = await startMigrated(context);
  configureNeon(neon.url);
  await using session = await connectSession(neon.url);
  const coalesced = await connect(neon.url, true);
  const separate = await connect(neon.url, false);
  const ways = mapValues({ ours: session, coalesced, separate }, (client) => () => client.query('select $1::int', [1]));
  try {
    for (const ask of Object.values(ways)) await repeatQuery(ask, WARM_UP_COUNT);
    return await use(ways, neon);
  } finally {
    await Promise.all([coalesced.end(), separate.end()]);
  }
}

async function connect(url: string, coalesceWrites: boolean): Promise<Client> {
  const client = new Client(url);
  client.neonConfig.coalesceWrites = coalesceWrites;
  await client.connect();
  return client;
}

async function repeatQuery(ask: Ask, count = COUNT): Promise<void> {
  for (let asked = 0; asked < count; asked += 1) await ask();
}

async function latencyUs(ask: Ask): Promise<number> {
  const startedAt = performance.now();
  await repeatQuery(ask);
  return ((performance.now() - startedAt) * 1000) / COUNT;
}

async function cpuTimeUs(ask: Ask, gateway: number): Promise<number> {
  const [own, theirs] = [process.cpuUsage(), await readCpuTime(gateway)];
  await repeatQuery(ask);
  const { user, system } = process.cpuUsage(own);
  return (user + system + (await readCpuTime(gateway)) - theirs) / COUNT;
}

function mapValues<From, To>(values: Record<string, From>, map: (value: From) => To): Record<string, To> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, map(value)]));
}
