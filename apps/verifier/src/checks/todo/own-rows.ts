/**
 * The rows that a run commits: known by their owner's address, so that they are removed whatever happens.
 *
 * A run holds an advisory lock on its number for as long as it lives. Rows whose number nobody holds were left by a run that
 * crashed.
 */
import { randomInt } from 'node:crypto';

import { connectSession, type Session } from '@todo/client';

import type { Claim, CommittedRows } from '../../app-definition.ts';
import type { Context, Finding } from '../../check.ts';

export const committedRows: CommittedRows = { claim: claimRows, findLeft };

let lastEmail = 0;
// Runs at the same time should not wait for each other's ids; a block of a thousand is ample for one.
let lastId = -1000 * randomInt(1, 2_000_000);

/** An address that nobody has, new at each call. Rows of this owner are removed at the end of the run. */
export function ownEmail({ run }: Pick<Context, 'run'>): string {
  return `verify+${run}-${(lastEmail += 1)}@${DOMAIN}`;
}

/** A negative id, new at each call, for a row that is rolled back: the sequences give positive ones. */
export function ownId(): number {
  return (lastId -= 1);
}

/** Reserved by RFC 2606: nobody's address ever ends like this. */
const DOMAIN = 'todo-verifier.invalid';

/** A pattern of LIKE: the addresses of every run. */
export const OWN_EMAILS = `verify+%@${DOMAIN}`;

const emailsOf = (run: number): string => `verify+${run}-%@${DOMAIN}`;

async function claimRows(url: string, run: number): Promise<Claim> {
  const session = await connectSession(url);
  await removeOwners(session, ABANDONED);
  // In a transaction, because a pooler keeps nothing between two of them. It has read nothing and blocks nobody.
  await session.query(`begin; select pg_advisory_xact_lock(${LOCK}, ${run})`);
  return {
    release: async () => {
      // The session may be long gone: a server ends what is idle in a transaction.
      await session.close();
      await using own = await connectSession(url);
      await removeOwners(own, `email like '${emailsOf(run)}'`);
    },
  };
}

async function findLeft(session: Session, run: number): Promise<Finding[]> {
  const { rows } = await session.query(
    `select id, 'user' as "table" from public."user" where email like $1
     union all
     select t.id, 'todo' from public.todo t join public."user" u on u.id = t.user_id where u.email like $1`,
    [emailsOf(run)],
  );
  return rows.map(({ id, table }) => ({
    have: `${String(table)} ${String(id)} is left`,
    want: 'nothing',
    fix: `DELETE FROM public."${String(table)}" WHERE id = ${String(id)};`,
  }));
}

/** Todos first: that the cascade takes them is among the things that are to be proved. */
async function removeOwners(session: Session, condition: string): Promise<void> {
  await session.query(`delete from todo where user_id in (select id from "user" where ${condition})`);
  await session.query(`delete from "user" where ${condition}`);
}

// Any number that no other program is likely to lock: "todo" in ASCII.
const LOCK = 0x746f646f;

const ABANDONED = `email like '${OWN_EMAILS}' and not exists (
  select from pg_locks
  where locktype = 'advisory' and classid = ${LOCK} and objid::text = substring(email from '^verify\\+([0-9]+)-')
    and database = (select oid from pg_database where datname = current_database()))`;
