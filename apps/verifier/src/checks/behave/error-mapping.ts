import { inspect } from 'node:util';

import { DatabaseError, type DatabaseErrorKind } from '@todo/db';
import { todo, user } from '@todo/db/schema';
import { sql } from 'drizzle-orm';

import { type Check, type Context, type Finding, verdict } from '../../check.ts';
import { rolledBack, type Transaction } from './rolled-back.ts';

/** A value that must not come out again. */
const SECRET = 'verify-secret-7c1e';

export const errorMapping: Check = {
  id: 'behave/error-mapping',
  title: 'Callers get our errors, and what was sent stays in',
  method:
    'Each kind of refusal is provoked in a transaction that is rolled back; its error is searched for what was sent.',
  why: 'The application cannot tell "email taken" from a crash, or its log holds passwords.',
  remedy: 'packages/db/src/errors says which constraint means what; pnpm verify --only schema/name',
  severity: 'error',
  mode: 'rolls-back',
  needs: ['connect/websocket'],
  run: async ({ websocket, rows }) => verdict(await rolledBack(websocket, (tx) => provokeAll(tx, rows))),
};

interface Provocation {
  readonly what: string;
  readonly kind: DatabaseErrorKind;
  readonly code: string;
  readonly write: (tx: Transaction) => Promise<unknown>;
}

async function provokeAll(tx: Transaction, rows: Context['rows']): Promise<Finding[]> {
  const taken = rows.email();
  const userId = rows.id();
  await tx.insert(user).values({ id: userId, email: taken, hashedPassword: SECRET });
  const provocations: readonly Provocation[] = [
    {
      what: 'an address that is taken',
      kind: 'email-taken',
      code: '23505',
      write: (own) => own.insert(user).values({ id: rows.id(), email: taken, hashedPassword: SECRET }),
    },
    {
      what: 'a user who is not there',
      kind: 'owner-missing',
      code: '23503',
      write: (own) => own.insert(todo).values({ id: rows.id(), title: SECRET, userId: rows.id() }),
    },
    {
      what: 'a title that is too long',
      kind: 'refused',
      code: '22001',
      write: (own) => own.insert(todo).values({ id: rows.id(), title: SECRET.repeat(20), userId }),
    },
    {
      what: 'no title',
      kind: 'refused',
      code: '23502',
      write: (own) => own.insert(todo).values({ id: rows.id(), title: sql`null`, description: SECRET, userId }),
    },
  ];
  const findings: Finding[] = [];
  for (const provocation of provocations) findings.push(...(await judge(tx, provocation)));
  return findings;
}

async function judge(tx: Transaction, { what, kind, code, write }: Provocation): Promise<Finding[]> {
  const error: unknown = await tx.transaction(write).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  const isOurs = error instanceof DatabaseError && error.kind === kind && error.code === code;
  const findings: (Finding | false)[] = [
    !isOurs && {
      have: `${what}: ${error instanceof DatabaseError ? `${error.kind}, ${error.code}` : 'accepted, or another error'}`,
      want: `${kind}, ${code}`,
      follows: ['schema/*'],
    },
    inspect(error, { depth: 10, showHidden: true }).includes(SECRET) && {
      have: `${what}: the error holds what was sent`,
      want: 'names of tables, columns and constraints alone',
    },
  ];
  return findings.filter((finding) => finding !== false);
}
