/** The sessions on a database, which stand in the way of cloning it. */
import { setTimeout as delay } from 'node:timers/promises';

import { APPLICATION_NAME } from './with-session.ts';

/** Runs a statement in another database. */
export type Run = (text: string, values?: unknown[]) => Promise<Record<string, unknown>[]>;

const NAMED_MAX = 5;
/** Clients have a user, and of what works for PostgreSQL itself only some. Of another role's session, a role without rights is not told the type. */
const SESSIONS = `from pg_stat_activity
  where datname = $1 and usesysid is not null and coalesce(backend_type, 'client backend') = 'client backend'`;

/** But for those of commands for branches, such as the one that asks. */
const OTHERS = `${SESSIONS} and application_name is distinct from '${APPLICATION_NAME}'`;

/** Who they are, for people: `"psql" of todo, since 2020-02-03 04:05:06 GMT, idle`. */
export async function describeSessions(run: Run, database: string): Promise<string> {
  // Of another role's, PostgreSQL tells a role without rights only the name.
  const sessions = await run(
    `select concat_ws(', ',
        format('%s of %s', coalesce('"' || nullif(application_name, '') || '"', 'one without a name'), usename),
        to_char(backend_start at time zone 'GMT', '"since "YYYY-MM-DD HH24:MI:SS" GMT"'), state) as session
      ${SESSIONS} order by backend_start, pid`,
    [database],
  );
  const named = sessions.slice(0, NAMED_MAX).map(({ session }) => String(session));
  return [...named, ...(sessions.length > NAMED_MAX ? [`and ${sessions.length - NAMED_MAX} more`] : [])].join('; ');
}

/** Whether none of them would stay: commands for branches have theirs for a moment. */
export async function hasOnlyBranchSessions(run: Run, database: string): Promise<boolean> {
  return (await run(`select ${OTHERS} limit 1`, [database])).length === 0;
}

/** Ends those that are there, again and again: one may have come after the others were counted. Whom it may not end, stays. */
export async function endSessions(run: Run, database: string, isEnough: () => boolean): Promise<void> {
  while (!isEnough()) {
    await run(`select pg_terminate_backend(pid) ${OTHERS}`, [database]).catch(() => {});
    await delay(50);
  }
}
