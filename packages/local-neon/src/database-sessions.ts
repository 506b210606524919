/** Lists and ends the sessions on a database. PostgreSQL does not clone a database that has sessions. */
import { setTimeout as delay } from 'node:timers/promises';

import { APPLICATION_NAME } from './with-session.ts';

/** Runs a statement in another database than the one to clone. */
export type Run = (text: string, values?: unknown[]) => Promise<Record<string, unknown>[]>;

const SESSIONS_SHOWN_MAX = 5;
/** Sessions of clients. A type that is hidden (null) counts as a client: the role may not see it. */
const SESSIONS = `from pg_stat_activity
  where datname = $1 and usesysid is not null and coalesce(backend_type, 'client backend') = 'client backend'`;

/** Without the sessions of branch commands, such as the session that runs this query. */
const OTHER_SESSIONS = `${SESSIONS} and application_name is distinct from '${APPLICATION_NAME}'`;

/** Lists the sessions for people: `"psql" of todo, since 2020-02-03 04:05:06 GMT, idle`. */
export async function describeSessions(run: Run, database: string): Promise<string> {
  // Of another role's session, PostgreSQL shows only the role's name to a role without privileges.
  const sessions = await run(
    `select concat_ws(', ',
        format('%s of %s', coalesce('"' || nullif(application_name, '') || '"', 'a session without a name'), usename),
        to_char(backend_start at time zone 'GMT', '"since "YYYY-MM-DD HH24:MI:SS" GMT"'), state) as session
      ${SESSIONS} order by backend_start, pid`,
    [database],
  );
  const named = sessions.slice(0, SESSIONS_SHOWN_MAX).map(({ session }) => String(session));
  const hidden = sessions.length - named.length;
  return [...named, ...(hidden > 0 ? [`and ${hidden} more`] : [])].join('; ');
}

/** Whether all sessions belong to branch commands, which end soon. */
export async function hasOnlyBranchSessions(run: Run, database: string): Promise<boolean> {
  return (await run(`select ${OTHER_SESSIONS} limit 1`, [database])).length === 0;
}

/** Ends sessions repeatedly, because new ones may arrive. A session that the role may not end stays. */
export async function endSessions(run: Run, database: string, isDone: () => boolean): Promise<void> {
  while (!isDone()) {
    await run(`select pg_terminate_backend(pid) ${OTHER_SESSIONS}`, [database]).catch(() => {});
    await delay(50);
  }
}
