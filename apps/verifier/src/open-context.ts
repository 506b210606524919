/** What the checks of one run share: clients that connect when they are used, and what is read once for all. */
import { setTimeout as delay } from 'node:timers/promises';

import { connectHttp, connectSession, connectWebSocket, type HttpDatabase, type WebSocketDatabase } from '@todo/db';

import type { Context } from './check.ts';
import type { Notes } from './run-check.ts';
import { type Claim, claimRows, newRun } from './own-rows.ts';
import { type CatalogComparison, compareSchema, type ReadOnly } from './schema-comparison.ts';
import type { Target } from './target.ts';

export interface OpenContext {
  readonly contextFor: (notes: Notes) => Context;
  /** Before the first check that writes. */
  readonly prepareToWrite: () => Promise<void>;
  /** Disconnects, and removes what the run left in the database. Gives whether that was certain. */
  readonly close: () => Promise<boolean>;
}

/** Under the limit of a check, so that what is late is named by the driver. */
const TIMEOUT_MS = 20_000;

export function openContext({ url, source, shadow }: Target): OpenContext {
  const run = newRun();
  let http: HttpDatabase | undefined;
  let websocket: WebSocketDatabase | undefined;
  let comparison: Promise<CatalogComparison> | undefined;
  let claim: Promise<Claim | undefined> | undefined;
  const read = reader(url);

  return {
    contextFor: (notes) => ({
      url,
      source,
      get http() {
        return (http ??= connectHttp(url, { timeoutMs: TIMEOUT_MS }));
      },
      get websocket() {
        return (websocket ??= connectWebSocket(url, { connectTimeoutMs: TIMEOUT_MS }));
      },
      rows: run,
      read,
      compareSchema: () => (comparison ??= compareSchema(read, shadow)),
      ...notes,
    }),
    prepareToWrite: async () => {
      // What goes wrong here (no table, no WebSocket) the checks themselves report.
      await (claim ??= claimRows(url, run).catch(() => undefined));
    },
    close: async () => {
      await inTime(websocket?.close());
      return await inTime(claim?.then((claimed) => claimed?.release()));
    },
  };
}

/** A statement that hangs, in a check that ran out of time, must not keep the run from ending. */
const CLOSE_LIMIT_MS = 5000;

/** Whether the work was done, without an error and in time. */
async function inTime(work: Promise<unknown> | undefined): Promise<boolean> {
  const timer = new AbortController();
  const late = delay(CLOSE_LIMIT_MS, false, { signal: timer.signal });
  const done = Promise.resolve(work).then(() => true);
  try {
    return await Promise.race([done, late]);
  } catch {
    return false;
  } finally {
    late.catch(() => {});
    timer.abort();
  }
}

function reader(url: string): ReadOnly {
  return async (work) => {
    await using session = await connectSession(url, { connectTimeoutMs: TIMEOUT_MS });
    // A pooler would hand this setting on to the next client of the same backend.
    if (!isPooled(url)) await session.query('set default_transaction_read_only = on');
    return await work(session);
  };
}

function isPooled(url: string): boolean {
  return new URL(url.trim()).hostname.split('.')[0]?.endsWith('-pooler') === true;
}
