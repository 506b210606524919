import { expect, it } from 'vitest';

import type { Check } from '../src/check.ts';
import { checks } from './prove.ts';
import { type Selection, selectChecks, SelectionError } from '../src/select-checks.ts';

/** Of a catalog that does not grow. */
const CATALOG = ['env/url', 'connect/http', 'connect/websocket', 'schema/index-missing', 'schema/index-extra'].map(
  (id): Check => ({
    id,
    title: id,
    method: '',
    why: '',
    remedy: '',
    severity: 'error',
    mode: 'reads',
    run: async () => ({ kind: 'pass' }),
  }),
);

const ids = (selection: Selection) => selectChecks(CATALOG, selection).map(({ id }) => id);

it.each(['connect', 'connect/', 'connect/*'])('"%s" selects a whole group, in the order of the catalog', (pattern) => {
  expect(ids({ only: [pattern] })).toEqual(['connect/http', 'connect/websocket']);
});

it('--skip takes away from what --only selects', () => {
  expect(ids({ only: ['connect', 'env'], skip: ['connect/http'] })).toEqual(['env/url', 'connect/websocket']);
});

it.each([
  ['schema/index-mising', 'schema/index-missing'],
  ['shema', 'schema'],
  // The beginning of a group's name is none.
  ['connec', 'connect'],
])('"%s" is unknown, and "%s" offered instead', (pattern, closest) => {
  expect(() => ids({ only: [pattern] })).toThrow(`Did you mean ${closest}?`);
});

it('refuses to run nothing', () => {
  expect(() => ids({ only: ['env'], skip: ['env/url'] })).toThrow(SelectionError);
});

it('has no two checks of one id, and no need that is not a check', () => {
  const known = checks.map(({ id }) => id);
  expect(new Set(known).size).toBe(known.length);
  expect(known).toEqual(expect.arrayContaining(checks.flatMap(({ needs = [] }) => needs)));
});
