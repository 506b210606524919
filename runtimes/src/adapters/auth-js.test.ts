/** The Drizzle adapter of Auth.js: https://authjs.dev/getting-started/adapters/drizzle */
import assert from 'node:assert/strict';

import type { Adapter } from '@auth/core/adapters';
import { DrizzleAdapter } from '@auth/drizzle-adapter';
import {
  boolean,
  integer,
  type PgDatabase,
  type PgQueryResultHKT,
  pgTable,
  primaryKey,
  text,
  timestamp,
} from 'drizzle-orm/pg-core';

import { onBothTransports } from './on-both-transports.js';

const usersTable = pgTable('user', {
  id: text('id')
    .primaryKey()
    .$defaultFn(() => crypto.randomUUID()),
  name: text('name'),
  email: text('email').unique(),
  emailVerified: timestamp('emailVerified', { mode: 'date' }),
  image: text('image'),
});
const accountsTable = pgTable(
  'account',
  {
    userId: text('userId').notNull(),
    type: text('type').$type<'email' | 'oauth' | 'oidc' | 'webauthn'>().notNull(),
    provider: text('provider').notNull(),
    providerAccountId: text('providerAccountId').notNull(),
    refresh_token: text('refresh_token'),
    access_token: text('access_token'),
    expires_at: integer('expires_at'),
    token_type: text('token_type'),
    scope: text('scope'),
    id_token: text('id_token'),
    session_state: text('session_state'),
  },
  ({ provider, providerAccountId }) => [primaryKey({ columns: [provider, providerAccountId] })],
);
const sessionsTable = pgTable('session', {
  sessionToken: text('sessionToken').primaryKey(),
  userId: text('userId').notNull(),
  expires: timestamp('expires', { mode: 'date' }).notNull(),
});
const verificationTokensTable = pgTable(
  'verificationToken',
  {
    identifier: text('identifier').notNull(),
    token: text('token').notNull(),
    expires: timestamp('expires', { mode: 'date' }).notNull(),
  },
  ({ identifier, token }) => [primaryKey({ columns: [identifier, token] })],
);
const authenticatorsTable = pgTable(
  'authenticator',
  {
    credentialID: text('credentialID').notNull().unique(),
    userId: text('userId').notNull(),
    providerAccountId: text('providerAccountId').notNull(),
    credentialPublicKey: text('credentialPublicKey').notNull(),
    counter: integer('counter').notNull(),
    credentialDeviceType: text('credentialDeviceType').notNull(),
    credentialBackedUp: boolean('credentialBackedUp').notNull(),
    transports: text('transports'),
  },
  ({ userId, credentialID }) => [primaryKey({ columns: [userId, credentialID] })],
);

const schema = { usersTable, accountsTable, sessionsTable, verificationTokensTable, authenticatorsTable };
const OWNER = '"userId" text not null references "user" on delete cascade';

const tables = [
  'create table "user" (id text primary key, name text, email text unique, "emailVerified" timestamp, image text)',
  `create table account (${OWNER}, type text not null, provider text not null, "providerAccountId" text not null,
    refresh_token text, access_token text, expires_at integer, token_type text, scope text, id_token text, session_state text,
    primary key (provider, "providerAccountId"))`,
  `create table session ("sessionToken" text primary key, ${OWNER}, expires timestamp not null)`,
  `create table "verificationToken" (identifier text, token text, expires timestamp not null, primary key (identifier, token))`,
  `create table authenticator ("credentialID" text not null unique, ${OWNER}, "providerAccountId" text not null,
    "credentialPublicKey" text not null, counter integer not null, "credentialDeviceType" text not null,
    "credentialBackedUp" boolean not null, transports text, primary key ("userId", "credentialID"))`,
];

onBothTransports({
  title: 'the Drizzle adapter of Auth.js keeps users, accounts, sessions and tokens',
  schema,
  tables,
  async run(db) {
    // The adapter's type requires `transaction`, which a database over HTTP does not have. The adapter never calls it.
    const asPostgres = db as unknown as PgDatabase<PgQueryResultHKT>;
    // Methods are optional in the type of adapters. The Drizzle adapter has all of them.
    const adapter = DrizzleAdapter(asPostgres, schema) as Required<Adapter>;
    const expires = new Date('2027-01-05T09:00:00.000Z');
    const ada = await adapter.createUser({ id: 'given', email: 'ada@example.com', emailVerified: null });
    assert.deepEqual(await adapter.getUserByEmail('ada@example.com'), ada);
    const account = { type: 'oauth', provider: 'github', providerAccountId: '42', userId: ada.id } as const;
    await adapter.linkAccount(account);
    assert.deepEqual(await adapter.getUserByAccount(account), ada);

    await adapter.createSession({ sessionToken: 'of-ada', userId: ada.id, expires });
    const found = await adapter.getSessionAndUser('of-ada');
    assert.deepEqual([found?.user.id, found?.session.expires], [ada.id, expires]);
    const later = new Date('2027-02-05T09:00:00.000Z');
    const moved = await adapter.updateSession({ sessionToken: 'of-ada', expires: later });
    assert.deepEqual(moved?.expires, later);
    const named = await adapter.updateUser({ id: ada.id, name: 'Ada' });
    assert.equal(named.name, 'Ada');

    const token = { identifier: 'ada@example.com', token: 'once', expires };
    await adapter.createVerificationToken(token);
    assert.deepEqual(await adapter.useVerificationToken(token), token);
    assert.equal(await adapter.useVerificationToken(token), null);

    await adapter.deleteSession('of-ada');
    assert.equal(await adapter.getSessionAndUser('of-ada'), null);
    await adapter.deleteUser(ada.id);
    assert.equal(await adapter.getUser(ada.id), null);
    assert.equal(await adapter.getUserByAccount(account), null);
  },
});
