/** Runs a test of an adapter once per transport. Each run has a new database with the adapter's tables. */
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
  /** The guarantee, as the beginning of a sentence. ` over HTTP` or ` over WebSocket` is added. */
  readonly title: string;
  /** Drizzle tables. */
  readonly schema: Record<string, unknown>;
  /** The statements that create the tables. */
  readonly tables: readonly string[];
  readonly run: (db: Database, transport: 'HTTP' | 'WebSocket') => Promise<void>;
}

let databases = 0;
let server: Promise<LocalNeon> | undefined;
after(async () => (await server)?.close());

export function onBothTransports({ title, schema, tables, run }: AdapterTest): void {
  const testOnNewDatabase = (transport: 'HTTP' | 'WebSocket', work: (url: string) => Promise<void>) =>
    test(`${title} over ${transport}`, async () => {
      const neon = await (server ??= startLocalNeon({ isJoinable: false }));
      const { url } = await neon.branches.create(`adapter_${(databases += 1)}`);
      await using session = await connectSession(url);
      for (const table of tables) await session.query(table);
      await work(url);
    });

  void testOnNewDatabase('HTTP', (url) => run(connectHttp({ schema }, url), 'HTTP'));
  void testOnNewDatabase('WebSocket', async (url) => {
    await using db = connectWebSocket({ schema }, url);
    await run(db, 'WebSocket');
  });
}
