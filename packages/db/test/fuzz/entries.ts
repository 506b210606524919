/** A call of each exported function, with odd values as arguments. */
import * as client from '@todo/client';
import * as connectionUrl from '@todo/client/connection-url';
import * as diagnostics from '@todo/client/diagnostics';
import * as clientErrors from '@todo/client/errors';
import * as names from '@todo/client/name-columns';
import * as otel from '@todo/client/otel';
import * as clientQueries from '@todo/client/queries';
import * as sqlComments from '@todo/client/sql-comment';
import * as clientValidators from '@todo/client/validators';
import { sql } from 'drizzle-orm';
import { integer, pgTable } from 'drizzle-orm/pg-core';

import type { Database } from '../../src/index.ts';
import * as db from '../../src/index.ts';
import * as errors from '../../src/errors.ts';
import * as environment from '../../src/environment.ts';
import * as migrations from '../../src/migrate.ts';
import * as queries from '../../src/queries/index.ts';
import * as schema from '../../src/schema/index.ts';
import * as validators from '../../src/validators/index.ts';
import type { Odd } from './odd-values.ts';

export interface Target {
  readonly url: string;
  /** A database of either transport. */
  readonly db: Database;
  /** A user whose todos may be changed. */
  readonly ownerId: number;
}

export type Call = (odd: Odd, target: Target) => unknown;

export interface Entry {
  readonly calls: readonly Call[];
  /** Error kinds beyond those of a reachable database. */
  readonly kinds?: readonly string[];
}

/** A value that its type forbids, as from untyped callers or JSON. */
// oxlint-disable-next-line typescript/no-explicit-any -- the fuzz test passes values of the wrong type on purpose
type Wrong = any;

const wrong = (value: unknown): Wrong => value;

const TODO_KEYS = ['title', 'description', 'isCompleted', 'id', 'userId', 'createdAt', 'updatedAt'];
const USER_KEYS = ['email', 'hashedPassword', 'id', 'createdAt', 'updatedAt'];
const LIST_KEYS = ['limit', 'cursor', 'order', 'isCompleted'];
const ERROR_KEYS = [
  'code',
  'message',
  'cause',
  'sourceError',
  'errors',
  'query',
  'params',
  'name',
  'detail',
  'routine',
  'position',
];

const id = (odd: Odd, ownerId: number) => wrong(odd.pick([odd.number, odd.any, () => ownerId])());

async function use(database: Database & Partial<{ close: () => Promise<void> }>): Promise<unknown> {
  try {
    return await database.execute(sql`select 1 as one`);
  } finally {
    await database.close?.();
  }
}

/** The URL unchanged, the URL with an odd parameter, or an odd text. */
function oddUrl(odd: Odd, url: string): Wrong {
  return odd.pick([
    () => url,
    () => `${url}?${odd.key(['options', 'sslmode', 'host', 'application_name'])}=1`,
    odd.text,
    odd.any,
  ])();
}

const CONNECTING = ['connection', 'timeout'];
const timings = (odd: Odd, keys: readonly string[]) =>
  Object.fromEntries(keys.map((key) => [key, odd.pick([() => undefined, odd.number, odd.any])()]));

const httpCall =
  (connect: (url: Wrong, options: Wrong) => Database): Call =>
  async (odd, { url }) =>
    await use(connect(oddUrl(odd, url), timings(odd, ['timeoutMs', 'logSlowerThanMs'])));

const POOL = [
  'connectionsMax',
  'connectionsKept',
  'connectTimeoutMs',
  'connectionLifetimeMs',
  'checkIdleAfterMs',
  'timeoutMs',
  'logSlowerThanMs',
];
const websocketCall =
  (connect: (url: Wrong, options: Wrong) => Database): Call =>
  async (odd, { url }) =>
    await use(connect(oddUrl(odd, url), timings(odd, [odd.pick(POOL)])));

const app = { schema };
const own: Call[] = [
  (odd, { db: database, ownerId }) => queries.todosOf(database, id(odd, ownerId)).create(wrong(odd.record(TODO_KEYS))),
  (odd, { db: database, ownerId }) => queries.todosOf(database, ownerId).create(wrong(odd.record(TODO_KEYS))),
  (odd, { db: database, ownerId }) =>
    queries
      .todosOf(database, id(odd, ownerId))
      .createMany(wrong(odd.pick([odd.list, () => [odd.record(TODO_KEYS)]])())),
  (odd, { db: database, ownerId }) => queries.todosOf(database, id(odd, ownerId)).list(wrong(odd.record(LIST_KEYS))),
  (odd, { db: database, ownerId }) => queries.todosOf(database, ownerId).list(wrong(odd.record(LIST_KEYS))),
  (odd, { db: database, ownerId }) => queries.todosOf(database, id(odd, ownerId)).get(id(odd, ownerId)),
  (odd, { db: database, ownerId }) =>
    queries.todosOf(database, id(odd, ownerId)).update(id(odd, ownerId), wrong(odd.record(TODO_KEYS))),
  (odd, { db: database, ownerId }) => queries.todosOf(database, id(odd, ownerId)).complete(id(odd, ownerId)),
  (odd, { db: database, ownerId }) => queries.todosOf(database, id(odd, ownerId)).remove(id(odd, ownerId)),
  (odd, { db: database, ownerId }) => queries.todosOf(database, id(odd, ownerId)).stats(),
];
const notesOf = clientQueries.ownedBy(schema.todo, 'userId', { filters: ['title', 'isCompleted'] });

const usersCalls: Call[] = [
  (odd, { db: database }) => queries.users(database).create(wrong(odd.record(USER_KEYS))),
  (odd, { db: database }) =>
    queries.users(database).create({ email: wrong(odd.any()), hashedPassword: wrong(odd.any()) }),
  (odd, { db: database }) => queries.users(database).byEmail(wrong(odd.any()), wrong(odd.record(['hashedPassword']))),
  (odd, { db: database }) => queries.users(database).byId(wrong(odd.any())),
  (odd, { db: database }) => queries.users(database).update(wrong(odd.number()), wrong(odd.record(USER_KEYS))),
  (odd, { db: database }) =>
    queries.users(database).remove(wrong(odd.pick([-1, 2 ** 31, odd.text(), odd.any(), 99_999]))),
];

const validatorCalls: Call[] = Object.values(validators)
  .filter((value) => typeof value === 'object')
  .map(
    (validator): Call =>
      (odd) =>
        validator.safeParse(odd.record([...TODO_KEYS, ...USER_KEYS])),
  );

const entry = (...calls: Call[]): Entry => ({ calls });
const connecting = (...calls: Call[]): Entry => ({ calls, kinds: CONNECTING });

/** Keyed by the function itself, because several entry points export the same function. */
export const ENTRIES: ReadonlyMap<unknown, Entry> = new Map<unknown, Entry>([
  [client.connectHttp, connecting(httpCall((url, options) => client.connectHttp(app, url, options)))],
  [db.connectHttp, connecting(httpCall(db.connectHttp))],
  [client.connectWebSocket, connecting(websocketCall((url, options) => client.connectWebSocket(app, url, options)))],
  [db.connectWebSocket, connecting(websocketCall(db.connectWebSocket))],
  [
    client.withDatabase,
    connecting((odd, { url }) => client.withDatabase(app, oddUrl(odd, url), async () => odd.any())),
  ],
  [db.withDatabase, connecting((odd, { url }) => db.withDatabase(oddUrl(odd, url), async () => odd.any()))],
  [
    client.connectSession,
    connecting(async (odd, { url }) => {
      const options = { ...timings(odd, ['connectTimeoutMs']), applicationName: wrong(odd.text()) };
      await (await client.connectSession(oddUrl(odd, url), options)).close();
    }),
  ],
  [
    client.transaction,
    entry((odd, { db: database }) =>
      client.transaction(wrong(database), async () => odd.any(), {
        isolation: wrong(odd.any()),
        retries: wrong(odd.any()),
      }),
    ),
  ],
  [client.isLoopback, entry((odd, { url }) => client.isLoopback(oddUrl(odd, url)))],
  [client.maskUrl, entry((odd, { url }) => client.maskUrl(oddUrl(odd, url)))],
  [connectionUrl.isLoopbackHost, entry((odd) => connectionUrl.isLoopbackHost(odd.text()))],
  [
    connectionUrl.hostAndPort,
    entry((odd) => connectionUrl.hostAndPort(odd.text(), odd.pick([odd.text(), odd.number()]))),
  ],
  [connectionUrl.directHostOf, entry((odd) => connectionUrl.directHostOf({ hostname: odd.text() }))],
  [connectionUrl.invalidUrl, entry((odd) => connectionUrl.invalidUrl(odd.text(), odd.text()))],
  [
    connectionUrl.parseConnectionUrl,
    entry((odd, { url }) => connectionUrl.parseConnectionUrl(oddUrl(odd, url), odd.text())),
  ],
  [connectionUrl.readConnectionString, entry((odd, { url }) => connectionUrl.readConnectionString(oddUrl(odd, url)))],
  [
    connectionUrl.connectionFields,
    entry((odd, { url }) => connectionUrl.connectionFields(connectionUrl.parseConnectionUrl(oddUrl(odd, url)))),
  ],
  [
    client.DatabaseError,
    entry((odd) => new client.DatabaseError('refused', odd.text(), wrong(odd.record(ERROR_KEYS) ?? {}))),
  ],
  [client.DatabaseUrlError, entry((odd) => new client.DatabaseUrlError('DATABASE_URL_INVALID', odd.text()))],
  [clientQueries.ColumnError, entry((odd) => new clientQueries.ColumnError(odd.text(), odd.text(), odd.text()))],
  [clientQueries.PageOptionError, entry((odd) => new clientQueries.PageOptionError(odd.text(), odd.text()))],
  [clientQueries.CursorError, entry(() => new clientQueries.CursorError())],
  [clientQueries.RequestTooLargeError, entry(() => new clientQueries.RequestTooLargeError())],
  [migrations.MigrationError, entry((odd) => new migrations.MigrationError(wrong(odd.text()), odd.text()))],
  [client.toDatabaseError, entry((odd) => client.toDatabaseError(odd.record(ERROR_KEYS), wrong(odd.any())))],
  [db.toDatabaseError, entry((odd) => db.toDatabaseError(odd.record(ERROR_KEYS)))],
  [
    clientErrors.errorTranslator,
    entry((odd) => {
      const violation = {
        code: odd.pick(['23505', '23503', odd.text()]),
        constraint: odd.key(['todo_pkey']),
        message: odd.text(),
      };
      return clientErrors.errorTranslator(
        wrong(odd.pick([{}, undefined, { todo_pkey: { kind: 'own', message: '' } }])),
      )(violation);
    }),
  ],
  [clientErrors.errorLayers, entry((odd) => clientErrors.errorLayers(odd.pick([odd.any(), odd.record(ERROR_KEYS)])))],
  [clientErrors.httpStatusOf, entry((odd) => clientErrors.httpStatusOf(odd.pick([odd.any(), odd.record(ERROR_KEYS)])))],
  [errors.httpStatusOf, entry((odd) => errors.httpStatusOf(odd.pick([odd.any(), odd.record(ERROR_KEYS)])))],
  [clientErrors.isSqlState, entry((odd) => clientErrors.isSqlState(odd.any()))],
  [clientValidators.idSchemaOf, entry((odd) => clientValidators.idSchemaOf(schema.todo).safeParse(odd.any()))],
  [
    clientValidators.listOptionsSchemaOf,
    entry((odd) => clientValidators.listOptionsSchemaOf(schema.todo, ['isCompleted']).safeParse(odd.record(LIST_KEYS))),
  ],
  [clientValidators.typeMessage, entry((odd) => clientValidators.typeMessage(odd.text()).error({ input: odd.any() }))],
  [clientValidators.requireChange, entry((odd) => clientValidators.requireChange(wrong(odd.record(TODO_KEYS))))],
  [
    clientValidators.validatorsOf,
    entry((odd) => {
      const choice = { omit: [odd.key(TODO_KEYS)], keep: [odd.key(TODO_KEYS)] };
      return clientValidators.validatorsOf(schema.todo, {}, wrong(choice)).insert.safeParse(odd.record(TODO_KEYS));
    }),
  ],
  [
    clientValidators.validatorsFor,
    entry(
      (odd) => clientValidators.validatorsFor(schema).todo.update.safeParse(odd.record(TODO_KEYS)),
      ...validatorCalls,
    ),
  ],
  [validators.normalizeEmail, entry((odd) => validators.normalizeEmail(odd.text()))],
  [
    clientQueries.canHold,
    entry((odd) => {
      const { id: key, title, isCompleted } = schema.todo;
      return clientQueries.canHold(odd.pick([key, title, isCompleted]), odd.any());
    }),
  ],
  [clientQueries.changedRow, entry((odd) => clientQueries.changedRow(odd.pick([[], [odd.any()]]), odd.text()))],
  [clientQueries.forReading, entry((_, { db: database }) => clientQueries.forReading(database))],
  [
    clientQueries.ownedBy,
    entry(
      (odd) =>
        clientQueries.ownedBy(schema.todo, wrong(odd.key(['userId', 'title'])), {
          filters: [wrong(odd.key(TODO_KEYS))],
        }),
      (odd, { db: database, ownerId }) => notesOf(database, ownerId).list(wrong(odd.record([...LIST_KEYS, 'title']))),
      (odd, { db: database, ownerId }) => notesOf(database, id(odd, ownerId)).create(wrong(odd.record(TODO_KEYS))),
    ),
  ],
  [
    clientQueries.rowsOf,
    entry(
      (odd, { db: database }) => clientQueries.rowsOf(schema.user)(database).get(wrong(odd.any())),
      (odd, { db: database }) =>
        clientQueries
          .rowsOf(schema.user)(database)
          .create(wrong(odd.record(USER_KEYS))),
      (odd, { db: database }) =>
        clientQueries
          .rowsOf(schema.user)(database)
          .update(wrong(odd.any()), wrong(odd.record(USER_KEYS))),
      (odd, { db: database }) =>
        clientQueries
          .rowsOf(schema.user)(database)
          .remove(wrong(odd.pick([-1, odd.text()]))),
    ),
  ],
  [
    clientQueries.statement,
    entry((odd, { db: database }) => {
      const count = clientQueries.statement<object>(odd.pick([undefined, odd.text()]), (builder, name) =>
        builder.select({ id: schema.todo.id }).from(schema.todo).limit(1).prepare(name),
      );
      return count(database, {});
    }),
  ],
  [queries.todosOf, { calls: own }],
  [queries.users, { calls: usersCalls }],
  [migrations.migrate, connecting((odd) => migrations.migrate(odd.text(), { lockTimeoutMs: odd.number() }))],
  [migrations.planMigrations, connecting((odd) => migrations.planMigrations(odd.text()))],
  [
    migrations.migrationStatus,
    entry(async (_, { url }) => {
      await using session = await client.connectSession(url);
      return await migrations.migrationStatus(session);
    }),
  ],
  [
    client.shared,
    connecting(
      // A function that throws is the caller's own.
      (odd) => {
        const value = odd.any();
        return client.shared(wrong(typeof value === 'function' ? () => odd.text() : value));
      },
      async (odd, { url }) => await use(client.shared(() => client.connectWebSocket(app, oddUrl(odd, url)))),
    ),
  ],
  [
    names.nameColumns,
    entry((odd) => {
      const casing = wrong(odd.pick([odd.any, odd.text, () => 'snake_case'])());
      names.nameColumns({ unnamed: pgTable('unnamed', { someId: integer() }), other: odd.any() }, casing);
    }),
  ],
  [diagnostics.publishEvents, entry(() => diagnostics.publishEvents())],
  [otel.traceDatabase, entry(() => otel.traceDatabase()())],
  [otel.traceparent, entry(() => otel.traceparent())],
  [
    sqlComments.sqlComment,
    entry((odd) => sqlComments.sqlComment(() => wrong(odd.pick([odd.any(), odd.record(ERROR_KEYS)])))(odd.text())),
  ],
  [environment.localUrl, entry((odd) => environment.localUrl(odd.text()))],
  [environment.loadEnvironment, entry((odd) => environment.loadEnvironment(odd.text()))],
]);

/** The functions of `todosOf` and `users`. Each function has a call above. */
export const METHODS = {
  todosOf: ['create', 'createMany', 'list', 'get', 'update', 'complete', 'remove', 'stats'],
  users: ['create', 'byEmail', 'byId', 'update', 'remove'],
} as const;
