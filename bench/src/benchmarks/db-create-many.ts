/** 100,000 todos with `createMany`, beside COPY, PostgreSQL's own way to insert many rows. */
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

import { Client } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';

import type { Benchmark } from '../benchmark.ts';
import { startMigrated } from '../migrated-database.ts';
import { connectWebSocket, todosOf, users } from '../workspace.ts';

const ROWS = 100_000;

export const dbCreateMany: Benchmark = {
  id: 'db-create-many',
  title: `createMany of ${ROWS.toLocaleString('en-US')} todos over WebSocket, beside COPY of the same rows over TCP`,
  unit: 'rows/s',
  goal: { of: 'ratio', bound: 'at least', value: 0.75 },
  rounds: 5,
  ratio: ({ ours = NaN, copy = NaN }) => ours / copy,
  async run(measure, context) {
    await using neon = await startMigrated(context);
    await using db = connectWebSocket(neon.url);
    const client = new Client({ connectionString: neon.url });
    await client.connect();
    const { id: userId } = await users(db).create({ email: 'ada@example.com', hashedPassword: '-' });
    const rowsPerSecond = async (write: () => Promise<unknown>): Promise<number> => {
      // Rows and log records of one measurement must not slow the next one down.
      await client.query('truncate todo');
      const startedAt = performance.now();
      await write();
      const seconds = (performance.now() - startedAt) / 1000;
      const { rows } = await client.query<{ count: number }>('select count(*)::int from todo');
      if (rows[0]?.count !== ROWS) throw new Error(`The table has ${rows[0]?.count} rows, and ${ROWS} were written`);
      return ROWS / seconds;
    };
    try {
      return await measure({
        ours: () => rowsPerSecond(() => todosOf(db, userId).createMany(newTodos())),
        copy: () => rowsPerSecond(() => copyRows(client, userId)),
      });
    } finally {
      await client.end();
    }
  },
};

interface NewTodo {
  readonly title: string;
  readonly description: string;
  readonly isCompleted: boolean;
}

function* newTodos(): Generator<NewTodo> {
  for (let n = 0; n < ROWS; n += 1) {
    yield {
      title: `Write note ${n}`,
      description: 'Of the analytical engine, for the journal',
      isCompleted: n % 3 === 0,
    };
  }
}

async function copyRows(client: Client, userId: number): Promise<void> {
  const stream = client.query(copyFrom('copy todo (title, description, is_completed, user_id) from stdin'));
  await pipeline(Readable.from(copyLines(userId)), stream);
}

/** The rows in the text format of COPY, in parts of about 64 kB. https://www.postgresql.org/docs/current/sql-copy.html */
function* copyLines(userId: number): Generator<string> {
  let text = '';
  for (const { title, description, isCompleted } of newTodos()) {
    text += `${title}\t${description}\t${isCompleted ? 't' : 'f'}\t${userId}\n`;
    if (text.length < 65_536) continue;
    yield text;
    text = '';
  }
  yield text;
}
