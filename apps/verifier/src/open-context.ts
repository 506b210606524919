/** The resources that the checks of a run share: clients that connect at first use, and results that are read once. */
import { randomInt } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';

import { connectHttp, connectWebSocket, type HttpDatabase, type WebSocketDatabase } from '@todo/client';
import { LocalNeonError } from '@todo/local-neon';

import type { App } from './app-definition.ts';
import { type Context, SkippedCheck } from './check.ts';
import type { Notes } from './run-check.ts';
import { loadReadGuard } from './read-guard.ts';
import { openReadSessions } from './read-sessions.ts';
import { guardQueries, readOnlyWebSocket } from './read-only-clients.ts';
import { type CatalogComparison, compareSchema } from './schema-comparison.ts';
import type { Target } from './target.ts';

export interface OpenContext {
  readonly contextFor: (notes: Notes) => Context;
  /** Called before the first check that writes. */
  readonly prepareToWrite: () => Promise<void>;
  /** The result of `compareSchema`; undefined when no check called it, or it failed. */
  readonly comparison: () => Promise<CatalogComparison | undefined>;
  /** Disconnects and removes the committed rows of the run. Resolves to whether that succeeded. */
  readonly close: () => Promise<boolean>;
}

/** Shorter than the time limit of a check, so that the error of the driver is reported. */
const TIMEOUT_MS = 20_000;

/** Returns the clients, the read sessions and the shared results for the checks of a run. They open at first use. */
export async function openContext({ database, committedRows }: App, target: Target): Promise<OpenContext> {
  const { url, clientUrl, source, expectBranch, mayWrite } = target;
  const shadow = () => target.shadow().catch(skipWithoutLocalNeon);
  const run = randomInt(2 ** 31);
  const guard = await loadReadGuard();
  const openHttp = () => {
    const db = connectHttp(database, clientUrl, { timeoutMs: TIMEOUT_MS });
    return mayWrite ? db : guardQueries(db, guard);
  };
  const openWebSocket = () => {
    const db = connectWebSocket(database, clientUrl, { connectTimeoutMs: TIMEOUT_MS });
    return mayWrite ? db : readOnlyWebSocket(db, guard);
  };
  let http: HttpDatabase | undefined;
  let websocket: WebSocketDatabase | undefined;
  let comparison: Promise<CatalogComparison> | undefined;
  let claim: Promise<(() => Promise<void>) | undefined> | undefined;
  const sessions = openReadSessions(clientUrl, guard, { connectTimeoutMs: TIMEOUT_MS });

  return {
    contextFor: (notes) => ({
      database,
      run,
      url,
      clientUrl,
      source,
      expectBranch,
      get http() {
        return (http ??= openHttp());
      },
      get websocket() {
        return (websocket ??= openWebSocket());
      },
      read: sessions.read,
      compareSchema: () => (comparison ??= compareSchema(sessions.read, shadow)),
      shadow,
      findRemainingRows: committedRows && ((session) => committedRows.findRemainingRows(session, run)),
      ...notes,
    }),
    prepareToWrite: async () => {
      // An error is ignored, because the checks report the same one: no table, or no WebSocket.
      await (claim ??= committedRows?.claim(clientUrl, run).catch(() => undefined));
    },
    comparison: async () => await comparison?.catch(() => undefined),
    close: async () => {
      await succeedsInTime(Promise.all([websocket?.close(), sessions.close()]));
      return await succeedsInTime(claim?.then((removeRows) => removeRows?.()));
    },
  };
}

function skipWithoutLocalNeon(error: unknown): never {
  if (error instanceof LocalNeonError) throw new SkippedCheck(`no local Neon to compare with: ${error.message}`);
  throw error;
}

/** The time limit for closing: a statement of a check that timed out must not block the end of the run. */
const CLOSE_LIMIT_MS = 5000;

/** Whether the work succeeded within the limit. */
async function succeedsInTime(work: Promise<unknown> | undefined): Promise<boolean> {
  const timer = new AbortController();
  const timeout = delay(CLOSE_LIMIT_MS, false, { signal: timer.signal });
  const success = Promise.resolve(work).then(() => true);
  try {
    return await Promise.race([success, timeout]);
  } catch {
    return false;
  } finally {
    // Aborting rejects the delay, which no code awaits anymore.
    timeout.catch(() => {});
    timer.abort();
  }
}
