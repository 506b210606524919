/** Checks of the todo application that cannot be derived from a schema. */
import type { App } from '../../app-definition.ts';
import { crudHttp, crudWebSocket } from './behave/crud.ts';
import { uniqueEmail } from './behave/unique-email.ts';
import { userIsolation } from './behave/user-isolation.ts';
import { noLostUpdate } from './concurrency/no-lost-update.ts';
import { uniqueRace } from './concurrency/unique-race.ts';
import { emailCase } from './data/email-case.ts';
import { passwordFormat } from './data/password-format.ts';
import { committedRows } from './own-rows.ts';
import { queryCount } from './perf/query-count.ts';

export const todo: Omit<App, 'database'> = {
  checks: [
    emailCase,
    passwordFormat,
    crudHttp,
    crudWebSocket,
    uniqueEmail,
    userIsolation,
    uniqueRace,
    noLostUpdate,
    queryCount,
  ],
  committedRows,
};
