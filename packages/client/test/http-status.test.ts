/** The HTTP status of an API's response to an error. */
import { expect, test } from 'vitest';

import { DatabaseError, HTTP_STATUS_OF_CODE, HTTP_STATUS_OF_KIND, httpStatusOf } from '../src/errors/index.ts';
import { ColumnError, CursorError, PageOptionError, RequestTooLargeError } from '../src/queries/index.ts';

test.each(Object.entries(HTTP_STATUS_OF_KIND))('a DatabaseError of the kind %s is %i', (kind, status) => {
  expect(httpStatusOf(new DatabaseError(kind, 'why'))).toBe(status);
});

test('only errors that allow the same request again are a 503', () => {
  const repeatable = Object.entries(HTTP_STATUS_OF_KIND).filter(([, status]) => status === 503);
  expect(repeatable.map(([kind]) => kind)).toEqual(['serialization-failure', 'connection', 'timeout']);
});

test('a kind of the application is a 409, unless the caller sets another status', () => {
  expect(httpStatusOf(new DatabaseError('email-taken', 'why'))).toBe(409);
  expect(httpStatusOf(new DatabaseError('owner-missing', 'why'), { 'owner-missing': 401 })).toBe(401);
  expect(httpStatusOf(new DatabaseError('toString', 'why'))).toBe(409);
});

test.each([
  ['23514', 422],
  ['22003', 422],
  ['42703', 500],
])('a refusal with SQLSTATE %s is %i', (code, status) => {
  expect(httpStatusOf(new DatabaseError('refused', 'why', { code }))).toBe(status);
});

test('each error of a query function is the caller’s fault and has a row in the table', () => {
  const refusals = [
    new CursorError(),
    new PageOptionError('limit', 'why'),
    new ColumnError('note', 'id', 'why'),
    new RequestTooLargeError(),
  ];
  expect(refusals.map((error) => httpStatusOf(error))).toEqual([400, 400, 422, 413]);
  expect(refusals.map(({ code }) => code).toSorted()).toEqual(Object.keys(HTTP_STATUS_OF_CODE).toSorted());
});

test.each([new Error('why'), undefined, null, 'text', { code: 'toString' }])('%j is a 500', (thrown) => {
  expect(httpStatusOf(thrown)).toBe(500);
});
