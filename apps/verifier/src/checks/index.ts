/** All checks. To add one for any schema, write its file and add it to `GROUPS`. */
import type { App } from '../app-definition.ts';
import type { Check } from '../check.ts';
import { groupOf } from '../result.ts';
import { cascade } from './behave/cascade.ts';
import { crud } from './behave/crud.ts';
import { errorMapping } from './behave/error-mapping.ts';
import { fkReject } from './behave/fk-reject.ts';
import { insertDefaults } from './behave/insert-defaults.ts';
import { lengths } from './behave/lengths.ts';
import { notNull } from './behave/not-null.ts';
import { roundtrip } from './behave/roundtrip.ts';
import { row } from './behave/row.ts';
import { transaction } from './behave/transaction.ts';
import { unique } from './behave/unique.ts';
import { updatedAt } from './behave/updated-at.ts';
import { auth } from './connect/auth.ts';
import { http } from './connect/http.ts';
import { identity } from './connect/identity.ts';
import { latency } from './connect/latency.ts';
import { reach } from './connect/reach.ts';
import { searchPath } from './connect/search-path.ts';
import { server } from './connect/server.ts';
import { sessionSettings } from './connect/session-settings.ts';
import { tls } from './connect/tls.ts';
import { websocket } from './connect/websocket.ts';
import { writable } from './connect/writable.ts';
import { orphans } from './data/orphans.ts';
import { sequence } from './data/sequence.ts';
import { validatorRows } from './data/validator-rows.ts';
import { importEntry } from './env/import-entry.ts';
import { runtime } from './env/runtime.ts';
import { secretHygiene } from './env/secret-hygiene.ts';
import { singleDrizzle } from './env/single-drizzle.ts';
import { urlEndpoint } from './env/url-endpoint.ts';
import { urlTls } from './env/url-tls.ts';
import { url } from './env/url.ts';
import { codeInSync } from './migrate/code-in-sync.ts';
import { highWaterMark } from './migrate/high-water-mark.ts';
import { history } from './migrate/history.ts';
import { journal } from './migrate/journal.ts';
import { lint } from './migrate/lint.ts';
import { modified } from './migrate/modified.ts';
import { pending } from './migrate/pending.ts';
import { replay } from './migrate/replay.ts';
import { tablePresent } from './migrate/table-present.ts';
import { selfTest } from './diagnose/self-test.ts';
import { fkIndex } from './perf/fk-index.ts';
import { indexUsed } from './perf/index-used.ts';
import { exhaustionRecovery } from './pool/exhaustion-recovery.ts';
import { schemaChecks } from './schema/index.ts';
import { securityChecks } from './security/index.ts';
import { leavesNothing } from './self/leaves-nothing.ts';
import { agreement } from './validate/agreement.ts';
import { limits } from './validate/limits.ts';

/** The checks of any schema by group, in the order of the report. `*` stands for other groups; those after it check the run itself. */
const GROUPS: Readonly<Record<string, readonly Check[]>> = {
  env: [runtime, importEntry, singleDrizzle, url, urlEndpoint, urlTls, secretHygiene],
  connect: [reach, tls, auth, http, websocket, latency, identity, server, writable, searchPath, sessionSettings],
  migrate: [journal, tablePresent, pending, modified, history, highWaterMark, codeInSync, replay, lint],
  schema: schemaChecks,
  security: securityChecks,
  data: [sequence, orphans, validatorRows],
  behave: [
    row,
    crud,
    transaction,
    cascade,
    insertDefaults,
    notNull,
    lengths,
    unique,
    fkReject,
    updatedAt,
    roundtrip,
    errorMapping,
  ],
  conc: [],
  pool: [exhaustionRecovery],
  validate: [limits, agreement],
  perf: [fkIndex, indexUsed],
  '*': [],
  diagnose: [selfTest],
  self: [leavesNothing],
};

/** The checks of any schema and those of the application, which come last in their group. */
export function checksOf({ checks }: Pick<App, 'checks'>): readonly Check[] {
  return [...Object.values(GROUPS).flat(), ...checks].toSorted((a, b) => groupIndex(a) - groupIndex(b));
}

function groupIndex(check: Check): number {
  const groups = Object.keys(GROUPS);
  const group = groupOf(check);
  return groups.indexOf(groups.includes(group) ? group : '*');
}
