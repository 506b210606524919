/** The catalog, in the order of the report. To add a check is to write its file, and its line here. */
import type { Check } from '../check.ts';
import { cascade } from './behave/cascade.ts';
import { crudHttp } from './behave/crud-http.ts';
import { crudWebSocket } from './behave/crud-websocket.ts';
import { transaction } from './behave/transaction.ts';
import { uniqueEmail } from './behave/unique-email.ts';
import { updatedAt } from './behave/updated-at.ts';
import { http } from './connect/http.ts';
import { server } from './connect/server.ts';
import { websocket } from './connect/websocket.ts';
import { url } from './env/url.ts';
import { pending } from './migrate/pending.ts';
import { indexUsed } from './perf/index-used.ts';
import { schemaChecks } from './schema/index.ts';
import { limits } from './validate/limits.ts';

export const checks: readonly Check[] = [
  url,
  http,
  websocket,
  server,
  pending,
  ...schemaChecks,
  crudHttp,
  crudWebSocket,
  transaction,
  cascade,
  uniqueEmail,
  updatedAt,
  limits,
  indexUsed,
];
