/**
 * The rows that a run commits. The email address of their user identifies these rows, so that they can always be removed.
 * Each run holds an advisory lock on its number. Rows whose number is not locked were left by a crashed run.
 */
import { randomInt } from 'node:crypto';

import { connectSession, type Session } from '@todo/client';

import type { CommittedRows } from '../../app-definition.ts';
import type { Context, Finding } from '../../check.ts';

export const committedRows: CommittedRows = { claim: claimRows, findRemainingRows };

let lastEmail = 0;
// Concurrent runs use separate blocks of a thousand ids, so that they do not wait for each other.
let lastId = -1000 * randomInt(1, 2_000_000);

/** Returns a new address at each call. The rows of its user are removed at the end of the run. */
export function ownEmail({ run }: Pick<Context, 'run'>): string {
  return `verify+${run}-${(lastEmail += 1)}@${DOMAIN}`;
}

/** Returns a new negative id at each call, for a row that is rolled back. Sequences generate positive ids only. */
export function ownId(): number {
  return (lastId -= 1);
}

/** RFC 2606 reserves `.invalid`, so no real address ends with this. */
const DOMAIN = 'todo-verifier.invalid';

/** LIKE pattern for the addresses of all runs. */
export const OWN_EMAILS = `verify+%@${DOMAIN}`;

/** LIKE pattern for the addresses of one run. */
const emailsOf = (run: number): string => `verify+${run}-%@${DOMAIN}`;

/** Removes the rows of crashed runs, and locks the number of this run. The returned function removes the rows of this run and unlocks. */
async function claimRows(url: string, run: number): Promise<() => Promise<void>> {
  const session = await connectSession(url);
  await removeUsersWhere(session, ABANDONED);
  // A transaction lock, because a pooler does not keep session locks. The transaction reads nothing and blocks nothing.
  await session.query(`begin; select pg_advisory_xact_lock(${LOCK}, ${run})`);
  return async () => {
    // The server may have ended the session (idle_in_transaction_session_timeout).
    await session.close();
    await using cleanupSession = await connectSession(url);
    await removeUsersWhere(cleanupSession, `email like '${emailsOf(run)}'`);
  };
}

/** A finding for each row of this run that is still there. */
async function findRemainingRows(session: Session, run: number): Promise<Finding[]> {
  const { rows } = await session.query(
    `select id, 'user' as "table" from public."user" where email like $1
     union all
     select t.id, 'todo' from public.todo t join public."user" u on u.id = t.user_id where u.email like $1`,
    [emailsOf(run)],
  );
  return rows.map(({ id, table }) => ({
    have: `${String(table)} ${String(id)} still exists`,
    want: 'no row of this run',
    fix: `DELETE FROM public."${String(table)}" WHERE id = ${String(id)};`,
  }));
}

/** Removes the todos of users, then the users: the cascade is one of the guarantees under test. */
async function removeUsersWhere(session: Session, condition: string): Promise<void> {
  await session.query(`delete from todo where user_id in (select id from "user" where ${condition})`);
  await session.query(`delete from "user" where ${condition}`);
}

// An unlikely number for other programs: "todo" in ASCII.
const LOCK = 0x746f646f;

/** A condition on users of runs that ended without removing them. */
const ABANDONED = `email like '${OWN_EMAILS}' and not exists (
  select from pg_locks
  where locktype = 'advisory' and classid = ${LOCK} and objid::text = substring(email from '^verify\\+([0-9]+)-')
    and database = (select oid from pg_database where datname = current_database()))`;
