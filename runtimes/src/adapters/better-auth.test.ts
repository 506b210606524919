/** better-auth and its Drizzle adapter: https://www.better-auth.com/docs/adapters/drizzle */
import assert from 'node:assert/strict';

import { betterAuth } from 'better-auth';
import { drizzleAdapter } from 'better-auth/adapters/drizzle';
import { boolean, pgTable, text, timestamp } from 'drizzle-orm/pg-core';

import type { Database } from '../workspace.js';
import { onBothTransports } from './on-both-transports.js';

const time = (name: string) => timestamp(name, { withTimezone: true });
const times = { createdAt: time('created_at').notNull(), updatedAt: time('updated_at').notNull() };

const user = pgTable('user', {
  id: text('id').primaryKey(),
  name: text('name').notNull(),
  email: text('email').notNull().unique(),
  emailVerified: boolean('email_verified').notNull(),
  image: text('image'),
  ...times,
});
const userId = text('user_id').notNull();
const session = pgTable('session', {
  id: text('id').primaryKey(),
  expiresAt: time('expires_at').notNull(),
  token: text('token').notNull().unique(),
  ipAddress: text('ip_address'),
  userAgent: text('user_agent'),
  userId,
  ...times,
});
const account = pgTable('account', {
  id: text('id').primaryKey(),
  accountId: text('account_id').notNull(),
  providerId: text('provider_id').notNull(),
  userId,
  accessToken: text('access_token'),
  refreshToken: text('refresh_token'),
  idToken: text('id_token'),
  accessTokenExpiresAt: time('access_token_expires_at'),
  refreshTokenExpiresAt: time('refresh_token_expires_at'),
  scope: text('scope'),
  password: text('password'),
  ...times,
});
const verification = pgTable('verification', {
  id: text('id').primaryKey(),
  identifier: text('identifier').notNull(),
  value: text('value').notNull(),
  expiresAt: time('expires_at').notNull(),
  ...times,
});

const schema = { user, session, account, verification };
const TIMES = 'created_at timestamptz not null, updated_at timestamptz not null';
const OWNER = 'user_id text not null references "user" on delete cascade';

const tables = [
  `create table "user" (id text primary key, name text not null, email text not null unique, email_verified boolean not null,
    image text, ${TIMES})`,
  `create table session (id text primary key, expires_at timestamptz not null, token text not null unique, ip_address text,
    user_agent text, ${OWNER}, ${TIMES})`,
  `create table account (id text primary key, account_id text not null, provider_id text not null, ${OWNER}, access_token text,
    refresh_token text, id_token text, access_token_expires_at timestamptz, refresh_token_expires_at timestamptz, scope text,
    password text, ${TIMES})`,
  `create table verification (id text primary key, identifier text not null, value text not null,
    expires_at timestamptz not null, ${TIMES})`,
];

function createAuth(db: Database, transaction: boolean) {
  return betterAuth({
    baseURL: 'http://localhost:3000',
    secret: 'a secret for this test alone, and long enough',
    database: drizzleAdapter(db, { provider: 'pg', schema, transaction }),
    emailAndPassword: { enabled: true },
    user: { deleteUser: { enabled: true } },
    telemetry: { enabled: false },
  });
}

const ada = { name: 'Ada', email: 'ada@example.com', password: 'a long password' };

onBothTransports({
  title: 'better-auth signs up, signs in, knows the session and deletes the user',
  schema,
  tables,
  async run(db, transport) {
    const { api } = createAuth(db, transport === 'WebSocket');
    const signedUp = await api.signUpEmail({ body: ada });
    assert.equal(signedUp.user.email, ada.email);
    await assert.rejects(api.signUpEmail({ body: ada }), /exist/i);
    await assert.rejects(api.signInEmail({ body: { ...ada, password: 'another password' } }), /password/i);

    const { headers: responseHeaders } = await api.signInEmail({ body: ada, returnHeaders: true });
    const headers = new Headers({
      cookie: responseHeaders
        .getSetCookie()
        .map((cookie) => cookie.split(';')[0])
        .join('; '),
    });
    const current = await api.getSession({ headers });
    assert.equal(current?.user.id, signedUp.user.id);
    assert.ok(current.session.expiresAt instanceof Date);
    const renamed = await api.updateUser({ headers, body: { name: 'Ada Lovelace' } });
    assert.equal(renamed.status, true);

    await api.deleteUser({ headers, body: { password: ada.password } });
    assert.equal(await api.getSession({ headers }), null);
    assert.deepEqual(await db.select().from(user), []);
    assert.deepEqual(await db.select().from(session), []);
  },
});

onBothTransports({
  title: 'better-auth with transactions works only on a database that has transactions',
  schema,
  tables,
  async run(db, transport) {
    const signUp = createAuth(db, true).api.signUpEmail({ body: ada });
    if (transport === 'WebSocket') await signUp;
    // Over HTTP the error says what to use instead.
    else await assert.rejects(signUp, { name: 'DatabaseError', kind: 'refused', message: /connectWebSocket/ });
    assert.equal((await db.select().from(user)).length, transport === 'WebSocket' ? 1 : 0);
  },
});
