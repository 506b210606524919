/** Runs a test of an adapter over each transport, each on a database of its own with the adapter's tables. */
import { after, test } from 'node:test';

import {
  connectHttp,
  connectSession,
  connectWebSocket,
  type Database,
  type LocalNeon,
  startLocalNeon,
} from '../workspace.js';

export interface AdapterTest {
  /** What it guarantees, as the rest of a sentence: `… over HTTP`. */
  readonly title: string;
  /** Drizzle tables. */
  readonly schema: Record<string, unknown>;
  /** The statements that make them. */
  readonly tables: readonly string[];
  readonly run: (db: Database, transport: 'HTTP' | 'WebSocket') => Promise<void>;
}

let databases = 0;
let server: Promise<LocalNeon> | undefined;
after(async () => (await server)?.close());

export function onBothTransports({ title, schema, tables, run }: AdapterTest): void {
  const onOwnDatabase = (transport: 'HTTP' | 'WebSocket', work: (url: string) => Promise<void>) =>
    test(`${title} over ${transport}`, async () => {
      const neon = await (server ??= startLocalNeon({ isJoinable: false }));
      const { url } = await neon.branches.create(`adapter_${(databases += 1)}`);
      await using session = await connectSession(url);
      for (const table of tables) await session.query(table);
      await work(url);
    });

  void onOwnDatabase('HTTP', (url) => run(connectHttp({ schema }, url), 'HTTP'));
  void onOwnDatabase('WebSocket', async (url) => {
    await using db = connectWebSocket({ schema }, url);
    await run(db, 'WebSocket');
  });
}
